//! What a server understands, learned from what it refuses.
//!
//! There is no way to ask. So a question is put in the best words first, and when
//! they are refused it is put in plainer ones; what was answered is remembered
//! until the program ends.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Words of a request that some servers do not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// `max_completion_tokens` in the place of `max_tokens`.
    pub(super) new_length: bool,
    /// Without a temperature: the model has its own.
    pub(super) no_temperature: bool,
    /// Without a seed.
    pub(super) no_seed: bool,
    /// Without asking for token counts in a stream.
    pub(super) no_stream_options: bool,
}

impl Words {
    /// Drops the word that a refusal is about; says whether there is one that was still in use.
    pub(super) fn avoid(&mut self, refusal: &str) -> bool {
        let words = [
            ("stream_options", &mut self.no_stream_options),
            ("max_tokens", &mut self.new_length),
            ("temperature", &mut self.no_temperature),
            ("seed", &mut self.no_seed),
        ];
        for (word, is_avoided) in words {
            if refusal.contains(word) && !*is_avoided {
                *is_avoided = true;
                return true;
            }
        }
        false
    }
}

/// How an answer of a certain shape is asked for, the best way first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    /// The server keeps to the schema.
    #[default]
    Schema,
    /// The server keeps to JSON; the schema stands in the prompt.
    Object,
    /// The prompt alone.
    Prompt,
}

impl Shape {
    pub(super) fn plainer(self) -> Option<Shape> {
        match self {
            Shape::Schema => Some(Shape::Object),
            Shape::Object => Some(Shape::Prompt),
            Shape::Prompt => None,
        }
    }
}

/// What one server understands.
#[derive(Debug, Default)]
pub(super) struct Dialect {
    words: Mutex<Words>,
    /// By name of the schema: servers take one schema and refuse another.
    shapes: Mutex<HashMap<String, Shape>>,
}

impl Dialect {
    pub(super) fn words(&self) -> Words {
        *self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn shape(&self, schema: &str) -> Shape {
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner).get(schema).copied().unwrap_or_default()
    }

    /// Takes note of what was answered.
    pub(super) fn remember(&self, words: Words, schema: Option<(&str, Shape)>) {
        *self.words.lock().unwrap_or_else(PoisonError::into_inner) = words;
        let Some((schema, shape)) = schema else { return };
        if self.shape(schema) != shape {
            tracing::info!(schema, shape = ?shape, "the server does not keep to schemas by itself; its answers are asked for in plainer words");
            self.shapes.lock().unwrap_or_else(PoisonError::into_inner).insert(schema.to_owned(), shape);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_avoided_once() {
        let mut words = Words::default();
        let refusal = "unsupported parameter: 'max_tokens' is not supported; use 'max_completion_tokens' instead";
        assert!(words.avoid(refusal));
        assert!(!words.avoid(refusal));
        assert!(words.avoid("unsupported value: 'temperature' does not support 0"));
        assert_eq!(words, Words { new_length: true, no_temperature: true, ..Words::default() });
        assert!(!words.avoid("this model is for paying customers"));
    }
}
