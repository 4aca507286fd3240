META
key;value
description;Participatory budget of Riverside 2026 - The vote
country;Worldwide
unit;Town of Riverside
instance;riverside-2026
num_projects;3
num_votes;3
budget;105000
vote_type;approval
rule;greedy
date_begin;24.11.2026
date_end;24.11.2026
min_length;1
max_length;2
language;en
currency;EUR
comment;"#1: Counted by greedy/1; its whole specification is in results/vote.json."
PROJECTS
project_id;cost;votes;name;selected
shared-orchard;18000;3;A shared orchard;1
street-library;6500;1;A street library;1
cycle-track;95000;1;A cycle track;0
VOTES
voter_id;vote
KoESV1EiCoxT3E-XKbCtzG;shared-orchard,street-library
OHfI4ez3Gk1IQSq_DN1kbJ;shared-orchard,cycle-track
_K7no8jibPKS7lYU7FsmCV;shared-orchard
