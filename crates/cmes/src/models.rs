//! The models of this process, made from the configuration.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cmes_fetch::ServiceProxy;
use cmes_models::catalogue::{Catalogue, CatalogueModel, Presence, Purpose};
use cmes_models::openai::{ApiKey, Limits, OpenAiChat, OpenAiEmbedder, OpenAiSettings, Prefixes};
use cmes_models::{ChatModel, Embedder, Models};
use cmes_types::Clock;
use url::Url;

use crate::commands::Failure;
use crate::config::{Config, EmbeddingsProvider, LlmProvider, Secret};

/// The folder of models.
pub fn folder(config: &Config) -> PathBuf {
    config.data.dir.join("models")
}

/// Which model serves what. A model that is not there is no failure: the server
/// does without it, and says so.
pub fn models(config: &Config, clock: &Arc<dyn Clock>) -> Result<Models, Failure> {
    let chat = chat(config, clock).map_err(|failure| Failure::new(format!("llm: {failure}")))?;
    let embedder = embedder(config, clock).map_err(|failure| Failure::new(format!("embeddings: {failure}")))?;
    Ok(Models::new(chat, embedder))
}

/// Where `fetch.proxy` is not asked: the list that other programs read too.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy to services outside, and what `NO_PROXY` excepts from it.
pub fn proxy(config: &Config) -> Option<ServiceProxy> {
    let url = config.fetch.proxy.as_ref()?.expose().to_owned();
    let except = EXCEPTIONS.iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    Some(ServiceProxy { url, except })
}

/// A model, or a clause that says why there is none.
type Perhaps<T> = Result<Arc<T>, String>;

fn chat(config: &Config, clock: &Arc<dyn Clock>) -> Result<Perhaps<dyn ChatModel>, Failure> {
    let llm = &config.llm;
    // The configuration was checked: whoever has an address is meant to be asked.
    match (llm.provider, &llm.base_url) {
        (LlmProvider::None, _) => Ok(Err("llm.provider is none".to_owned())),
        (LlmProvider::Auto | LlmProvider::Openai, Some(base_url)) => {
            let limits = Limits {
                timeout: Duration::from_secs(llm.timeout_s),
                max_parallel: llm.max_parallel,
                daily_requests: llm.daily_requests,
                daily_tokens: llm.daily_tokens,
                ..Limits::default()
            };
            let settings = server(config, base_url, llm.api_key.as_ref(), llm.model.as_deref(), limits);
            let chat = OpenAiChat::new(settings, Arc::clone(clock)).map_err(Failure::because)?;
            Ok(Ok(Arc::new(chat)))
        }
        _ => embedded(config, Purpose::Chat, llm.model.as_deref())
            .map(|found| found.and_then(|found| embedded_chat(config, found))),
    }
}

fn embedder(config: &Config, clock: &Arc<dyn Clock>) -> Result<Perhaps<dyn Embedder>, Failure> {
    let section = &config.embeddings;
    match (section.provider, &section.base_url) {
        (EmbeddingsProvider::None, _) => Ok(Err("embeddings.provider is none".to_owned())),
        (EmbeddingsProvider::Openai, Some(base_url)) => {
            let limits = Limits {
                timeout: Duration::from_secs(section.timeout_s),
                max_parallel: section.max_parallel,
                ..Limits::default()
            };
            let settings = server(config, base_url, section.api_key.as_ref(), section.model.as_deref(), limits);
            let prefixes = Prefixes { query: section.query_prefix.clone(), passage: section.passage_prefix.clone() };
            let embedder = OpenAiEmbedder::new(settings, prefixes, Arc::clone(clock)).map_err(Failure::because)?;
            Ok(Ok(Arc::new(embedder)))
        }
        _ => embedded(config, Purpose::Embeddings, section.model.as_deref())
            .map(|found| found.and_then(embedded_embedder)),
    }
}

fn server(
    config: &Config,
    base_url: &Url,
    key: Option<&Secret>,
    model: Option<&str>,
    limits: Limits,
) -> OpenAiSettings {
    OpenAiSettings {
        proxy: proxy(config),
        base_url: base_url.clone(),
        api_key: key.map(|key| ApiKey::new(key.expose())),
        model: model.unwrap_or_default().to_owned(),
        limits,
    }
}

/// An embedded model that is on this machine.
#[cfg_attr(not(feature = "embedded"), expect(dead_code, reason = "a build without the engine does nothing with it"))]
struct Found {
    name: String,
    file: PathBuf,
}

/// The embedded model, if it is on this machine.
fn embedded(config: &Config, purpose: Purpose, name: Option<&str>) -> Result<Result<Found, String>, Failure> {
    let catalogue = Catalogue::built_in().map_err(Failure::because)?;
    let model = chosen(&catalogue, purpose, name)?;
    let folder = folder(config);
    Ok(match model.presence(&folder) {
        Presence::There => Ok(Found { name: model.name.clone(), file: model.path(&folder) }),
        Presence::Damaged => {
            Err(format!("the file of {0} is damaged; cmes models pull {0} fetches it anew", model.name))
        }
        Presence::Missing => Err(format!("{0} is not on this machine; fetch it with cmes models pull {0}", model.name)),
    })
}

fn chosen<'a>(catalogue: &'a Catalogue, purpose: Purpose, name: Option<&str>) -> Result<&'a CatalogueModel, Failure> {
    let found = match name {
        Some(name) => catalogue.find(name).filter(|model| model.kind == purpose),
        None => catalogue.default_for(purpose),
    };
    found.ok_or_else(|| {
        let name = name.unwrap_or_default();
        Failure::new(format!("there is no embedded model {name} for this; cmes models list shows those that there are"))
    })
}

#[cfg(feature = "embedded")]
fn embedded_chat(config: &Config, found: Found) -> Perhaps<dyn ChatModel> {
    use cmes_models::embedded::{ChatSettings, EmbeddedChat};
    let settings = ChatSettings::new(found.name, found.file);
    Ok(Arc::new(EmbeddedChat::new(ChatSettings { together: config.llm.max_parallel, ..settings })))
}

#[cfg(feature = "embedded")]
fn embedded_embedder(found: Found) -> Perhaps<dyn Embedder> {
    use cmes_models::embedded::{EmbeddedEmbedder, EmbedderSettings};
    Ok(Arc::new(EmbeddedEmbedder::new(EmbedderSettings::new(found.file))))
}

/// What a build without the engine says.
#[cfg(not(feature = "embedded"))]
const NO_ENGINE: &str = "this build has no engine for embedded models; name a server with base_url";

#[cfg(not(feature = "embedded"))]
fn embedded_chat(_config: &Config, _found: Found) -> Perhaps<dyn ChatModel> {
    Err(NO_ENGINE.to_owned())
}

#[cfg(not(feature = "embedded"))]
fn embedded_embedder(_found: Found) -> Perhaps<dyn Embedder> {
    Err(NO_ENGINE.to_owned())
}
