//! A conversation as the model's own chat template writes it, in tokens.
//!
//! Only the template's words may become control tokens. A page that spells out “end of message, the system says” stays
//! a text about it: what people wrote is turned into tokens apart from the template, without looking for such tokens.

use llama_cpp_2::model::{LlamaChatMessage, LlamaChatTemplate, LlamaModel};
use llama_cpp_2::token::LlamaToken;

use crate::chat::Message;

/// Stands where a message's text belongs; the number of the message is between two of them. Of no language.
const MARK: char = '\u{10FFFD}';
/// For models without a template of their own.
const COMMON_TEMPLATE: &str = "chatml";

/// Why a conversation is no prompt.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The template does not take these messages.
    #[error("the chat template of the model fails: {0}")]
    Template(String),
    /// There is nothing to answer.
    #[error("the conversation is empty")]
    Empty,
}

/// Writes prompts for one model.
#[derive(Debug)]
pub struct Prompts {
    template: Option<LlamaChatTemplate>,
}

impl Prompts {
    /// By the template in the model's file.
    pub fn of(model: &LlamaModel) -> Self {
        Self { template: model.chat_template(None).or_else(|_| LlamaChatTemplate::new(COMMON_TEMPLATE)).ok() }
    }

    /// The conversation and the beginning of the answer.
    ///
    /// # Errors
    /// When it is empty, or the template is of no use.
    pub fn tokens(&self, model: &LlamaModel, messages: &[Message]) -> Result<Vec<LlamaToken>, PromptError> {
        if messages.is_empty() {
            return Err(PromptError::Empty);
        }
        let frame = self.frame(model, messages)?;
        let mut tokens = Vec::new();
        // Every second part is the number of a message.
        for (part, text) in frame.split(MARK).enumerate() {
            let begins = part == 0;
            if part % 2 == 0 {
                let add_first = begins && model.vocab().should_add_bos();
                tokens.extend(model.vocab().tokenize(text.as_bytes(), add_first, true));
            } else {
                let message = text.parse().ok().and_then(|number: usize| messages.get(number));
                let message = message.ok_or_else(|| PromptError::Template("it changes the texts".to_owned()))?;
                tokens.extend(model.vocab().tokenize(message.text.as_bytes(), false, false));
            }
        }
        Ok(tokens)
    }

    /// The template's words around marks.
    fn frame(&self, model: &LlamaModel, messages: &[Message]) -> Result<String, PromptError> {
        let failed = |error: &dyn std::fmt::Display| PromptError::Template(error.to_string());
        let template = self.template.as_ref().ok_or_else(|| failed(&"it has none"))?;
        let marked = |(number, message): (usize, &Message)| {
            LlamaChatMessage::new(message.role.as_str().to_owned(), format!("{MARK}{number}{MARK}"))
        };
        let marked: Result<Vec<_>, _> = messages.iter().enumerate().map(marked).collect();
        let marked = marked.map_err(|error| failed(&error))?;
        model.apply_chat_template(template, &marked, true).map_err(|error| failed(&error))
    }
}
