//! The sections about models: `llm`, `embeddings`, `models`.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{ConfigError, Secret};

/// Section `llm`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Llm {
    pub provider: LlmProvider,
    #[serde(deserialize_with = "super::address::optional")]
    pub base_url: Option<Url>,
    pub api_key: Option<Secret>,
    pub model: Option<String>,
    pub timeout_s: u64,
    pub max_parallel: usize,
    pub daily_requests: Option<u64>,
    pub daily_tokens: Option<u64>,
}

/// Which language model writes the descriptive texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LlmProvider {
    /// A server when `base_url` names one, else the embedded model when it is there, else none.
    Auto,
    /// The model in this process.
    Embedded,
    /// A server that speaks the protocol of OpenAI.
    Openai,
    /// None: the site's own sentences.
    None,
}

/// Section `embeddings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Embeddings {
    pub provider: EmbeddingsProvider,
    #[serde(deserialize_with = "super::address::optional")]
    pub base_url: Option<Url>,
    pub api_key: Option<Secret>,
    pub model: Option<String>,
    pub query_prefix: String,
    pub passage_prefix: String,
    pub timeout_s: u64,
    pub max_parallel: usize,
}

/// Which model finds texts by their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmbeddingsProvider {
    /// The model in this process, when it is there.
    Embedded,
    /// A server that speaks the protocol of OpenAI.
    Openai,
    /// None: words alone.
    None,
}

/// Section `models`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Models {
    /// May hold a password.
    pub index: Option<Secret>,
}

impl Default for Llm {
    fn default() -> Self {
        Self {
            provider: LlmProvider::Auto,
            base_url: None,
            api_key: None,
            model: None,
            timeout_s: 60,
            max_parallel: 4,
            daily_requests: None,
            daily_tokens: None,
        }
    }
}

impl Default for Embeddings {
    fn default() -> Self {
        Self {
            provider: EmbeddingsProvider::Embedded,
            base_url: None,
            api_key: None,
            model: None,
            query_prefix: String::new(),
            passage_prefix: String::new(),
            timeout_s: 30,
            max_parallel: 4,
        }
    }
}

/// A server needs an address and the name of a model, and an address that nobody asks is a mistake.
pub(super) fn check(llm: &Llm, embeddings: &Embeddings) -> Result<(), ConfigError> {
    let is_llm_server = match llm.provider {
        LlmProvider::Auto => llm.base_url.is_some(),
        provider => provider == LlmProvider::Openai,
    };
    let is_embeddings_server = embeddings.provider == EmbeddingsProvider::Openai;
    let sections = [
        ("llm", is_llm_server, llm.base_url.is_some(), llm.model.is_some()),
        ("embeddings", is_embeddings_server, embeddings.base_url.is_some(), embeddings.model.is_some()),
    ];
    for (section, is_server, has_url, has_model) in sections {
        let mistake = match (is_server, has_url, has_model) {
            (true, false, _) => "provider is openai, which needs base_url: the address of the API",
            (true, true, false) => "base_url names a server, which needs model: the name of the model there",
            (false, true, _) => "base_url is set and nobody asks there; set provider to openai",
            _ => continue,
        };
        return Err(ConfigError::new(format!("{section}.{mistake}")));
    }
    Ok(())
}
