//! The methods of the API v1, one file a group.

pub(crate) mod assistant;
pub(crate) mod echo;
pub(crate) mod enrichment;
pub(crate) mod identifiers;
pub(crate) mod info;
pub(crate) mod knowledgebase;
pub(crate) mod leadgeneration;
pub(crate) mod tasks;
