"""协商闭环: what was said at a consultation, tracked until the one who said it has an answer."""
