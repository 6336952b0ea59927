"""The race: facts, the fold over them, judgement, rules, clocks. Pure: the standard library and msgspec alone."""
