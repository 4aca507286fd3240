META
key;value
description;Participatory budget of Riverside 2026 - What comes first
country;Worldwide
unit;Town of Riverside
instance;riverside-2026
num_projects;2
num_votes;2
budget;18000
vote_type;choose-1
rule;greedy
date_begin;24.11.2026
date_end;24.11.2026
min_length;1
max_length;1
language;en
currency;EUR
comment;"#1: Counted by greedy/1; its whole specification is in results/first.json."
PROJECTS
project_id;cost;votes;name;selected
shared-orchard;18000;1;A shared orchard;1
street-library;6500;1;A street library;0
VOTES
voter_id;vote
R6xMgxAo-Ps_OjAED1kpQw;shared-orchard
sRFFCN3jWgvfRRzmvum4SG;street-library
