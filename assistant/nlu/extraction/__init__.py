"""From words to slots: one module a group of slots, each a pure function of the sentence."""
