//! The models of this process, and what is said about them.

use std::sync::Arc;

use crate::{ChatModel, Embedder, Model, Readiness};

/// Which model serves what. Built once at the start and passed in.
#[derive(Clone, Debug)]
pub struct Models {
    chat: Result<Arc<dyn ChatModel>, String>,
    embedder: Result<Arc<dyn Embedder>, String>,
}

/// What is known of a model without asking it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serving {
    /// `embedded`, `openai` or `none`.
    pub provider: &'static str,
    /// Its name; none when there is no model.
    pub model: Option<String>,
    /// `ready`, or why not.
    pub state: String,
}

impl Models {
    /// These; where there is no model, a clause that says why, such as “llm.provider is none”.
    #[must_use]
    pub fn new(chat: Result<Arc<dyn ChatModel>, String>, embedder: Result<Arc<dyn Embedder>, String>) -> Models {
        Models { chat, embedder }
    }

    /// None at all, for this reason.
    #[must_use]
    pub fn none(reason: &str) -> Models {
        Models { chat: Err(reason.to_owned()), embedder: Err(reason.to_owned()) }
    }

    /// The same, each within what these functions make around it.
    #[must_use]
    pub fn wrapped(
        &self,
        chat: impl FnOnce(Arc<dyn ChatModel>) -> Arc<dyn ChatModel>,
        embedder: impl FnOnce(Arc<dyn Embedder>) -> Arc<dyn Embedder>,
    ) -> Models {
        Models { chat: self.chat.clone().map(chat), embedder: self.embedder.clone().map(embedder) }
    }

    /// Who writes; without one, texts are the site's own sentences.
    #[must_use]
    pub fn chat(&self) -> Option<Arc<dyn ChatModel>> {
        self.chat.as_ref().ok().cloned()
    }

    /// Who finds by meaning; without one, search goes by words alone.
    #[must_use]
    pub fn embedder(&self) -> Option<Arc<dyn Embedder>> {
        self.embedder.as_ref().ok().cloned()
    }

    /// What serves writing.
    #[must_use]
    pub fn chat_serving(&self) -> Serving {
        serving(self.chat.as_ref().map(|model| model.as_ref() as &dyn Model))
    }

    /// What serves finding by meaning.
    #[must_use]
    pub fn embedder_serving(&self) -> Serving {
        serving(self.embedder.as_ref().map(|model| model.as_ref() as &dyn Model))
    }
}

fn serving(model: Result<&dyn Model, &String>) -> Serving {
    match model {
        Ok(model) => Serving {
            provider: model.provider(),
            model: Some(model.name().to_owned()),
            state: match model.readiness() {
                Readiness::Ready => "ready".to_owned(),
                Readiness::NotReady(reason) => reason,
            },
        },
        Err(reason) => Serving { provider: "none", model: None, state: reason.clone() },
    }
}
