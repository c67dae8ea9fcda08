//! The embedded models of a folder, as `cmes models pull` leaves it.

use std::path::Path;
use std::sync::Arc;

use cmes_models::catalogue::{Catalogue, Purpose};
use cmes_models::embedded::{ChatSettings, EmbeddedChat, EmbeddedEmbedder, EmbedderSettings};
use cmes_models::{ChatModel, Embedder};

/// The default chat model, if it is there.
pub fn chat(folder: &Path) -> Option<Arc<dyn ChatModel>> {
    let catalogue = Catalogue::built_in().ok()?;
    let model = catalogue.default_for(Purpose::Chat)?;
    let file = model.path(folder);
    file.is_file().then(|| Arc::new(EmbeddedChat::new(ChatSettings::new(&model.name, file))) as Arc<dyn ChatModel>)
}

/// The default embedder, if it is there.
pub fn embedder(folder: &Path) -> Option<Arc<dyn Embedder>> {
    let catalogue = Catalogue::built_in().ok()?;
    let file = catalogue.default_for(Purpose::Embeddings)?.path(folder);
    file.is_file().then(|| Arc::new(EmbeddedEmbedder::new(EmbedderSettings::new(file))) as Arc<dyn Embedder>)
}
