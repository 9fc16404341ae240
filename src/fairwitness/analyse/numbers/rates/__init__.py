"""Rates of small places: how high is the rate where few people live, and do neighbours resemble one another beyond chance?

The rule it guards: the highest and the lowest rate of a map are nearly always those of its smallest places; a rate is drawn
towards what is known of all, as far as chance could have made it.
"""
