"""Award rounds: a call, who may stand, the stages of scoring, visit, defence and vote, the ranking and the grant."""
