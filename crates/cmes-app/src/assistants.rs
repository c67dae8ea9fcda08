//! Assistants: dialogues whose answers rest on knowledge bases.

pub mod answer;
