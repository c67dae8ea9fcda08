//! Any server that speaks the protocol of OpenAI: `chat/completions`,
//! `embeddings` and `models` below one address.
//!
//! Servers differ in what they understand, and few say so. What one refuses is
//! asked for in other words, and what worked is remembered ([`dialect`]); what an
//! answer is held to is checked here, whatever the server promises.

mod chat;
mod dialect;
mod embeddings;
mod endpoint;
mod events;
mod thoughts;
mod wire;

pub use chat::OpenAiChat;
pub use cmes_fetch::ApiKey;
use cmes_fetch::ServiceProxy;
pub use embeddings::{OpenAiEmbedder, Prefixes};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::error::{ModelError, ModelErrorKind};
pub use crate::guard::Limits;

/// Where a model is and who may ask it.
#[derive(Clone, Debug)]
pub struct OpenAiSettings {
    /// Address of the API, such as `https://api.example.com/v1`; a bare host stands for its `/v1`.
    pub base_url: Url,
    /// The key, when the server wants one.
    pub api_key: Option<ApiKey>,
    /// Name of the model as the server knows it.
    pub model: String,
    /// How much may be asked.
    pub limits: Limits,
    /// The proxy on the way to a server outside of the house.
    pub proxy: Option<ServiceProxy>,
}

/// Why a provider cannot be set up: the configuration is at fault.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address is no base of other addresses.
    #[error("{0} is not the address of an API; it looks like https://api.example.com/v1")]
    BaseUrl(String),
    /// The key cannot be sent.
    #[error("the API key contains characters that cannot be sent in a header")]
    ApiKey,
    /// The HTTP client could not be set up.
    #[error(transparent)]
    Client(#[from] cmes_fetch::SetupError),
}

fn readiness(guard: &crate::guard::Guard) -> crate::Readiness {
    match guard.rest() {
        None => crate::Readiness::Ready,
        Some(rest) => crate::Readiness::NotReady(format!(
            "it failed several times in a row and is asked again in {} s",
            rest.as_secs().max(1)
        )),
    }
}

/// Whether the server answers, and whether it has the model.
async fn check(endpoint: &endpoint::Endpoint, model: &str, deadline: Instant) -> Result<String, ModelError> {
    let Ok(models) = timeout_at(deadline, endpoint.models()).await else {
        return Err(endpoint.error(ModelErrorKind::Timeout));
    };
    let Some(models) = models? else {
        let advice = "whether it has the model shows when it is asked; if it has not, check base_url";
        return Ok(format!("{model}: its server answers, but lists no models; {advice}"));
    };
    if models.iter().any(|name| name == model) {
        return Ok(format!("{model}: its server answers"));
    }
    // Some servers have one model and answer to any name, so that this is no fault.
    let shown: Vec<&str> = models.iter().take(5).map(String::as_str).collect();
    Ok(format!("{model}: its server answers, but lists other models ({})", shown.join(", ")))
}
