//! How requests and answers name knowledge bases, parents and articles.

use cmes_app::identifiers::{ARTICLE, BASE, PARENT};
use cmes_store::identifiers::{Identifiers, Names};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::input::Fields;
pub(super) use crate::v1::identifiers::{LARGEST_CODE, read, required};

/// Lets a method of knowledge bases take their identifiers also by the names that `info` returns them under.
pub(super) fn allow_short_names(fields: &mut Fields) {
    for (own, whole) in ARTICLE.all().zip(BASE.all()) {
        fields.alias(own, whole);
    }
}

/// Reads those of a parent, if any is given.
pub(super) fn parent(fields: &mut Fields) -> Option<Identifiers> {
    Some(read(fields, &PARENT)).filter(|identifiers| identifiers.first().is_some())
}

/// The identifiers of a knowledge base; one is required.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = KnowledgebaseIdentifiers)]
pub(crate) struct BaseIdentifierFields {
    /// The first one that is given finds the knowledge base.
    #[serde(rename = "KnowledgebaseID")]
    #[schema(required = false)]
    knowledgebase_id: Uuid,
    /// Your own number of it.
    #[serde(rename = "KnowledgebaseExternalID")]
    #[schema(required = false, example = 15051)]
    knowledgebase_external_id: i64,
    /// Its number in your account.
    #[schema(required = false, example = 2140)]
    knowledgebase_code: i64,
}

/// The identifiers of what an article stands below: an article of the knowledge base, or the base itself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = ParentIdentifiers)]
pub(crate) struct ParentIdentifierFields {
    /// The first one that is given finds the parent.
    #[serde(rename = "ParentID")]
    #[schema(required = false)]
    parent_id: Uuid,
    /// Your own number of it. Where both an article of the base and the base itself have it, it is the article.
    #[serde(rename = "ParentExternalID")]
    #[schema(required = false, example = 15051)]
    parent_external_id: i64,
    /// Its number in your account.
    #[schema(required = false, example = 2140)]
    parent_code: i64,
}

/// The identifiers of an article.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ArticleIdentifiers)]
pub(crate) struct ArticleIdentifierFields {
    /// Its UUID.
    #[serde(rename = "ID")]
    #[schema(required = false)]
    id: Uuid,
    /// Your own number of it; 0 = none.
    #[serde(rename = "ExternalID")]
    #[schema(required = false, example = 15052)]
    external_id: i64,
    /// Its number in your account.
    #[serde(rename = "Code")]
    #[schema(required = false, example = 2141)]
    code: i64,
}

/// A knowledge base by its names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = KnowledgebaseNames)]
pub(crate) struct BaseNames {
    /// Its UUID.
    #[serde(rename = "KnowledgebaseID")]
    knowledgebase_id: Uuid,
    /// Its number in your account.
    #[schema(example = 2140)]
    knowledgebase_code: i64,
    /// Your own number of it; 0 = none.
    #[serde(rename = "KnowledgebaseExternalID")]
    #[schema(example = 15051)]
    knowledgebase_external_id: i64,
}

impl From<Names> for BaseNames {
    fn from(names: Names) -> Self {
        Self {
            knowledgebase_id: names.id,
            knowledgebase_code: names.code,
            knowledgebase_external_id: names.external_id,
        }
    }
}

/// What an article stands below, by its names: an article, or the knowledge base itself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ParentNames {
    /// Its UUID.
    #[serde(rename = "ParentID")]
    parent_id: Uuid,
    /// Its number in your account.
    #[schema(example = 2140)]
    parent_code: i64,
    /// Your own number of it; 0 = none.
    #[serde(rename = "ParentExternalID")]
    #[schema(example = 15051)]
    parent_external_id: i64,
}

impl From<Names> for ParentNames {
    fn from(names: Names) -> Self {
        Self { parent_id: names.id, parent_code: names.code, parent_external_id: names.external_id }
    }
}

/// A knowledge base or an article by its names.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Names)]
pub(crate) struct OwnNames {
    /// Its UUID.
    #[serde(rename = "ID")]
    id: Uuid,
    /// Its number in your account.
    #[serde(rename = "Code")]
    #[schema(example = 2141)]
    code: i64,
    /// Your own number of it; 0 = none.
    #[serde(rename = "ExternalID")]
    #[schema(example = 15052)]
    external_id: i64,
}

impl From<Names> for OwnNames {
    fn from(names: Names) -> Self {
        Self { id: names.id, code: names.code, external_id: names.external_id }
    }
}
