//! multilingual-e5-small in llama.cpp: text to tokens, tokens to vectors.

use std::num::NonZeroU32;
use std::path::Path;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use super::backend::{EngineError, backend, load};
use super::e5_file::E5File;
use super::e5_gguf;
use super::unigram::Tokenizer;
use crate::embeddings::Kind;

/// Longest text in tokens; the model has learned no more positions.
const POSITIONS: usize = 512;
/// Texts are computed together up to so many tokens: more would attend to each other in vain, fewer pass by the weights
/// too often.
const GROUP_TOKENS: usize = 128;
/// Texts that can be computed together.
const GROUP_TEXTS: usize = 32;
/// No text of 512 tokens is longer: a piece has at most 16 characters.
const LONGEST_TEXT: usize = 64 * 1024;
/// Attention without the table of everybody's weight for everybody: 1.6 times as fast at 128 tokens.
const FLASH_ATTENTION: i32 = 1;

/// The model in memory.
#[derive(Debug)]
pub struct Loaded {
    model: LlamaModel,
    tokenizer: Tokenizer,
}

impl Loaded {
    /// Reads the file, and rewrites its weights for llama.cpp when that has not been done.
    ///
    /// # Errors
    /// When the file is not there or not this model, or this processor cannot run it.
    pub fn load(path: &Path) -> Result<Self, EngineError> {
        if !path.is_file() {
            return Err(EngineError::Missing(path.to_owned()));
        }
        let unreadable =
            |source: Box<dyn std::error::Error + Send + Sync>| EngineError::Load { path: path.to_owned(), source };
        let bytes = std::fs::read(path).map_err(|error| unreadable(error.into()))?;
        let file = E5File::parse(&bytes).map_err(|error| unreadable(error.into()))?;
        let weights = e5_gguf::beside(path, &file, &bytes).map_err(|error| unreadable(error.into()))?;
        Ok(Self { model: load(&weights)?, tokenizer: Tokenizer::new(file.pieces) })
    }

    /// The model at work for one thread. To be called by one thread at a time.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn network(&self) -> Result<Network<'_>, EngineError> {
        let tokens = NonZeroU32::new(POSITIONS as u32);
        let params = LlamaContextParams::default()
            .with_n_ctx(tokens)
            .with_n_batch(POSITIONS as u32)
            .with_n_ubatch(POSITIONS as u32)
            .with_n_seq_max(GROUP_TEXTS as u32)
            .with_n_threads(1)
            .with_n_threads_batch(1)
            .with_flash_attention_policy(FLASH_ATTENTION)
            .with_embeddings(true);
        let context = self.model.new_context(backend()?, params).map_err(EngineError::Context)?;
        Ok(Network { tokenizer: &self.tokenizer, context, batch: LlamaBatch::new(POSITIONS, 1) })
    }
}

/// The model at work for one thread.
pub struct Network<'a> {
    tokenizer: &'a Tokenizer,
    context: LlamaContext<'a>,
    batch: LlamaBatch<'a>,
}

impl Network<'_> {
    /// The tokens of a text of this kind; of a long one, of its beginning.
    pub fn tokens(&self, kind: Kind, text: &str) -> Vec<u32> {
        let prefix = match kind {
            Kind::Query => "query: ",
            Kind::Passage => "passage: ",
        };
        let text = &text[..text.floor_char_boundary(LONGEST_TEXT)];
        let mut tokens = self.tokenizer.tokens(&format!("{prefix}{text}"));
        tokens.truncate(POSITIONS - 2);
        tokens.insert(0, self.tokenizer.begin());
        tokens.push(self.tokenizer.end());
        tokens
    }

    /// How many of the texts of these lengths go into the next group: at least one.
    pub fn group(&self, lengths: impl Iterator<Item = usize>) -> usize {
        let together = lengths.scan(0, |sum, length| {
            *sum += length;
            Some(*sum)
        });
        together.take(GROUP_TEXTS).take_while(|sum| *sum <= GROUP_TOKENS).count().max(1)
    }

    /// The vectors, of unit length, of a group of texts.
    ///
    /// # Errors
    /// When llama.cpp fails, which it should not.
    pub fn embed(&mut self, group: &[&[u32]]) -> Result<Vec<Vec<f32>>, EngineError> {
        let failed = |error: &dyn std::fmt::Display| EngineError::Compute(error.to_string());
        self.batch.clear();
        for (sequence, tokens) in (0..).zip(group) {
            for (position, token) in (0..).zip(*tokens) {
                let token = LlamaToken::new(i32::try_from(*token).map_err(|error| failed(&error))?);
                self.batch.add(token, position, &[sequence], true).map_err(|error| failed(&error))?;
            }
        }
        self.context.encode(&mut self.batch).map_err(|error| failed(&error))?;
        let vector = |sequence| self.context.embeddings_seq_ith(sequence).map(of_unit_length);
        (0..).zip(group).map(|(sequence, _)| vector(sequence).map_err(|error| failed(&error))).collect()
    }
}

fn of_unit_length(vector: &[f32]) -> Vec<f32> {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    // A vector of nothing stays one.
    let scale = if length > 0.0 { length.recip() } else { 0.0 };
    vector.iter().map(|number| number * scale).collect()
}
