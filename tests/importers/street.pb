META
key;value
description;Budget of a street
country;Nowhere
unit;Street
instance;2026
num_projects;4
num_votes;9
budget;10000
vote_type;approval
rule;greedy
min_length;1
max_length;2
currency;EUR
language;en
comment;#1: Project t/1 was funded by the housing company.
PROJECTS
project_id;cost;votes;name;category;selected
b;6000;5;Benches;public space;1
o;4000;4;An orchard;nature;1
t/1;3000;2;Trees;nature;2
f;2500;2;A fountain;public space;0
VOTES
voter_id;vote;voting_method
1;b,o;internet
2;b;internet
3;o,b;paper
4;b,t/1;internet
5;b,f;internet
6;o;paper
7;o;internet
8;t/1;internet
9;f,z;internet
