//! Choosing the words of an answer, and putting them together.

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use crate::chat::{ChatAnswer, ChatRequest, Finish, TokenCounts};
use crate::error::{ModelError, ModelErrorKind};
use crate::schema::JsonSchema;

/// When the likeliest word breaks the grammar, so many of the likeliest are tried before all 150,000.
const FEW: usize = 64;

/// An answer that is being written.
pub struct Writer {
    sampler: LlamaSampler,
    grammar: Option<LlamaSampler>,
    text: String,
    /// The beginning of a character whose other bytes come with the next token.
    incomplete: Vec<u8>,
    written: usize,
    finish: Finish,
}

/// What a token did to an answer: with the text that came new.
pub enum Progress {
    /// More is to come.
    More(String),
    /// It has ended.
    Done(String),
}

impl Writer {
    /// For an answer to this request.
    ///
    /// # Errors
    /// When its schema is beyond what llama.cpp can hold an answer to.
    pub fn new(model: &LlamaModel, request: &ChatRequest) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let grammar = match &request.schema {
            Some(schema) => {
                let grammar = llama_cpp_2::json_schema_to_grammar(schema.text())?;
                Some(LlamaSampler::grammar(model, &grammar, "root")?)
            }
            None => None,
        };
        Ok(Self {
            sampler: sampler(request),
            grammar,
            text: String::new(),
            incomplete: Vec::new(),
            written: 0,
            finish: Finish::Length,
        })
    }

    /// The next token, from what the model computed for place `at` of the batch.
    ///
    /// The grammar is asked about the chosen token alone. Asking it about every token of the vocabulary at every step, as
    /// a chain of samplers does, takes as long as computing with a small model.
    pub fn choose(&mut self, context: &LlamaContext<'_>, at: i32) -> LlamaToken {
        let free = self.sampler.sample(context, at);
        let Some(grammar) = &mut self.grammar else { return free };
        let allowed = if allows(grammar, free) {
            free
        } else {
            let all = context.candidates_ith(at).collect();
            choose_within(grammar, &mut self.sampler, all).unwrap_or(free)
        };
        grammar.accept(allowed);
        allowed
    }

    /// Adds a token to the answer, of `limit` tokens at most.
    pub fn write(&mut self, model: &LlamaModel, token: LlamaToken, limit: usize) -> Progress {
        if model.vocab().is_eog(token) {
            self.finish = Finish::Stop;
            return Progress::Done(String::new());
        }
        self.written += 1;
        self.incomplete.extend(model.vocab().token_to_piece(token, false, None));
        let delta = take_characters(&mut self.incomplete);
        self.text.push_str(&delta);
        if self.written < limit { Progress::More(delta) } else { Progress::Done(delta) }
    }

    /// Tokens so far.
    pub fn written(&self) -> usize {
        self.written
    }

    /// The whole answer.
    ///
    /// # Errors
    /// When it is empty, or does not keep to the schema because it was cut off.
    pub fn answer(
        self,
        schema: Option<&JsonSchema>,
        tokens: TokenCounts,
        model: &str,
    ) -> Result<ChatAnswer, ModelError> {
        if self.text.is_empty() {
            return Err(ModelError::new(ModelErrorKind::Nonsense, model));
        }
        let text = match schema {
            Some(schema) => {
                let broken = |error| ModelError::new(ModelErrorKind::SchemaViolated, model).because(error);
                schema.find(&self.text).map_err(broken)?.to_owned()
            }
            None => self.text,
        };
        Ok(ChatAnswer { text, finish: self.finish, tokens })
    }
}

fn sampler(request: &ChatRequest) -> LlamaSampler {
    if request.temperature <= 0.0 {
        return LlamaSampler::greedy();
    }
    // Without a seed llama.cpp draws one for this value.
    let seed = request.seed.map_or(u32::MAX, |seed| (seed ^ (seed >> 32)) as u32);
    LlamaSampler::chain_simple([LlamaSampler::temp(request.temperature), LlamaSampler::dist(seed)])
}

fn allows(grammar: &mut LlamaSampler, token: LlamaToken) -> bool {
    let mut alone = LlamaTokenDataArray::new(vec![LlamaTokenData::new(token, 0.0, 0.0)], false);
    grammar.apply(&mut alone);
    alone.data.first().is_some_and(|candidate| candidate.logit().is_finite())
}

/// The sampler's choice among those tokens that the grammar allows.
fn choose_within(
    grammar: &mut LlamaSampler,
    sampler: &mut LlamaSampler,
    mut all: Vec<LlamaTokenData>,
) -> Option<LlamaToken> {
    if all.len() > FEW {
        all.select_nth_unstable_by(FEW, |one, other| other.logit().total_cmp(&one.logit()));
        let few = all[..FEW].to_vec();
        if let Some(token) = choose_allowed(grammar, sampler, few) {
            return Some(token);
        }
    }
    choose_allowed(grammar, sampler, all)
}

fn choose_allowed(
    grammar: &mut LlamaSampler,
    sampler: &mut LlamaSampler,
    candidates: Vec<LlamaTokenData>,
) -> Option<LlamaToken> {
    let mut candidates = LlamaTokenDataArray::new(candidates, false);
    grammar.apply(&mut candidates);
    candidates.data.retain(|candidate| candidate.logit().is_finite());
    if candidates.data.is_empty() {
        return None;
    }
    sampler.apply(&mut candidates);
    candidates.selected_token()
}

/// The whole characters at the beginning of `bytes`; what is none becomes `�`, what may still become one stays.
fn take_characters(bytes: &mut Vec<u8>) -> String {
    let mut text = String::new();
    let mut used = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        used += chunk.valid().len();
        let is_cut_off = used + chunk.invalid().len() == bytes.len() && chunk.invalid().len() < 4;
        if !chunk.invalid().is_empty() && !is_cut_off {
            text.push(char::REPLACEMENT_CHARACTER);
            used += chunk.invalid().len();
        }
    }
    bytes.drain(..used);
    text
}

#[cfg(test)]
mod tests {
    use super::take_characters;

    #[test]
    fn characters_are_given_when_they_are_whole() {
        let mut bytes = "Bü".as_bytes()[..2].to_vec();
        assert_eq!(take_characters(&mut bytes), "B");
        bytes.extend(&"ü€".as_bytes()[1..4]);
        assert_eq!(take_characters(&mut bytes), "ü");
        bytes.extend(&"€".as_bytes()[2..]);
        assert_eq!(take_characters(&mut bytes), "€");
        assert!(bytes.is_empty());
    }

    #[test]
    fn bytes_of_no_character_do_not_hold_up_the_rest() {
        let mut bytes = b"a\xFFb\xC3".to_vec();
        assert_eq!(take_characters(&mut bytes), "a\u{FFFD}b");
        assert_eq!(bytes, b"\xC3");
    }
}
