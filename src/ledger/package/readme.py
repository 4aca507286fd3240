"""The two pages for people that lie in every package: what it is, and how to check it."""

from typing import Final

_ENGLISH: Final = """\
{title}
{rule}

This package holds everything that a participation ledger recorded and published about one project, up to one moment.

  Log        {origin}
  Entries    {size}
  Root       {root}

What is in it
  events.ndjson       every event, one per line, byte for byte as it was recorded when it happened
  disclosures.jsonl   the texts and choices that the events commit to, as far as they may be shown
  tables/             the same as tables (CSV; where there is a .parquet file, it holds the same values)
  results/            each result with its reasons: why each proposal won or lost, which ballots did not count and why
  pabulib/            each budget vote in the format of pabulib.org, for other counting programs
  polis/  cap-collectif/  decidim/
                      consultations as these platforms export them, for programs that read their files
  log/                the ledger's signature over all of it, and the hashes that lead there
  ledger/             what the ledger's own log says about this project: which keys sign for it, and how far it had come; and who
                      outside the ledger witnessed that
  datapackage.json    what each column means, and the SHA-256 of every file (Data Package, https://datapackage.org)
  datapackage.sig     the ledger's signature over datapackage.json
  verify.html         a page that checks the package in your browser, without the ledger and without a network

How to check it, without the ledger and without a network
  Open verify.html and drop this file on it. Somebody who altered the package could have altered that page as well: for a second opinion
  take the page from elsewhere, or use the program:

  pip install participation-ledger
  ledger verify THIS-FILE.zip --key KEY

KEY is the ledger's verifier key for this project. Take it from where you trust it: the project's rules, an official gazette, a
newspaper. Without --key the check uses the key that lies in the package: it then shows that the package is consistent, not where it
comes from. To check that nothing was rewritten since an earlier download, add --older EARLIER-FILE.zip. If you chose the witnesses that
you believe, give them with --policy FILE.

The check reads every event again, asks for each whether it was lawful at its place, counts every vote again, and compares every table
and result in this package with what comes out. It says in words what it found.

Nobody is named in here: a participant goes by a pseudonym that differs from one step of the project to the next.
"""

_FRENCH: Final = """\
{title}
{rule}

Ce paquet contient tout ce qu'un registre de participation a inscrit et publié au sujet d'un projet, jusqu'à un moment donné.

  Registre      {origin}
  Inscriptions  {size}
  Racine        {root}

Ce qu'il contient
  events.ndjson       chaque événement, un par ligne, octet pour octet tel qu'il fut inscrit au moment des faits
  disclosures.jsonl   les textes et les choix sur lesquels les événements s'engagent, dans la mesure où ils peuvent être montrés
  tables/             la même chose en tableaux (CSV ; un fichier .parquet contient les mêmes valeurs)
  results/            chaque résultat et ses raisons : pourquoi chaque proposition gagne ou perd, quels bulletins ne comptent pas
  pabulib/            chaque vote budgétaire au format de pabulib.org, pour d'autres programmes de dépouillement
  polis/  cap-collectif/  decidim/
                      les consultations telles que ces plateformes les exportent, pour les programmes qui lisent leurs fichiers
  log/                la signature du registre sur le tout, et les empreintes qui y mènent
  ledger/             ce que le journal du registre lui-même dit de ce projet : quelles clés signent pour lui, où il en était ; et qui,
                      hors du registre, en a été témoin
  datapackage.json    le sens de chaque colonne, et le SHA-256 de chaque fichier (Data Package, https://datapackage.org)
  datapackage.sig     la signature du registre sur datapackage.json
  verify.html         une page qui vérifie le paquet dans votre navigateur, sans le registre et sans réseau

Comment le vérifier, sans le registre et sans réseau
  Ouvrez verify.html et déposez-y ce fichier. Qui aurait altéré le paquet aurait pu altérer aussi cette page : pour un second avis, prenez
  la page ailleurs, ou servez-vous du programme :

  pip install participation-ledger
  ledger verify CE-FICHIER.zip --key CLÉ --lang fr

CLÉ est la clé de vérification du registre pour ce projet. Prenez-la là où vous lui faites confiance : le règlement du projet, un
journal officiel, la presse. Sans --key, la vérification se sert de la clé qui se trouve dans le paquet : elle montre alors que le
paquet est cohérent, non d'où il vient. Pour vérifier que rien n'a été réécrit depuis un téléchargement antérieur, ajoutez
--older FICHIER-ANTÉRIEUR.zip. Si vous avez choisi les témoins que vous croyez, donnez-les avec --policy FICHIER.

La vérification relit chaque événement, demande s'il était régulier à sa place, recompte chaque voix, et compare chaque tableau et
chaque résultat de ce paquet avec ce qui en ressort. Elle dit en toutes lettres ce qu'elle a constaté.

Personne n'est nommé ici : un·e participant·e porte un pseudonyme qui change d'une étape du projet à l'autre.
"""

_PAGES: Final = {
    "en": (_ENGLISH, "Participation ledger: an exported project"),
    "fr": (_FRENCH, "Registre de participation : un projet exporté"),
}


def readme(language: str, origin: str, size: int, root: str) -> bytes:
    """The page in English (`en`) or French (`fr`); `root` is in base64, as in the checkpoint."""
    page, title = _PAGES[language]
    return page.format(title=title, rule="=" * len(title), origin=origin, size=size, root=root).encode()


def readme_pattern(language: str) -> str:
    """The page with `{origin}`, `{size}` and `{root}` in place of what differs from package to package."""
    page, title = _PAGES[language]
    return page.format(title=title, rule="=" * len(title), origin="{origin}", size="{size}", root="{root}")
