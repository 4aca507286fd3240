"""The method of equal shares: an exact reference, a fast engine that must agree with it, completions and the comparison with greedy."""
