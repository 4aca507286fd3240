"""The program of the verifier page is one scope: of two functions of one name the last would silently take the place of the first."""

import re
from collections import Counter

from ledger.package.verifier_page import SCRIPTS, verifier_program

_DECLARED = re.compile(r"^(?:async )?(?:function\*?|class|const|let) +([A-Za-z_$][\w$]*)", re.MULTILINE)


def test_no_name_is_declared_twice() -> None:
    names = Counter(_DECLARED.findall(verifier_program()))
    assert len(names) > len(SCRIPTS)
    assert [name for name, count in names.items() if count > 1] == []
