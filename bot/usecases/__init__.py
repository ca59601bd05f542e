"""What can be done: one module a verb, plain functions from (turn, learner, intent) to outcomes."""
