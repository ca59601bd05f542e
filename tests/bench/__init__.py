"""`make bench`: what an answer and a tick cost, beside the bare libraries, in one run on one machine."""
