//! Knowledge bases: articles in a tree of sections, found by words and meaning.
