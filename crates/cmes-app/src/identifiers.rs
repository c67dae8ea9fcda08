//! How requests name knowledge bases, articles, dialogues and messages, and what is said when that does not fit.

use cmes_store::Db;
use cmes_store::identifiers::{self, ChangeError, Identifier, Identifiers, Kind, Names};
use cmes_types::AccountId;

use crate::{Error, FieldError};

/// The fields of a request in which the identifiers of one object stand.
#[derive(Debug, PartialEq, Eq)]
pub struct IdentifierFields {
    /// What they name, in a sentence.
    pub object: &'static str,
    /// Field of the UUID.
    pub id: &'static str,
    /// Field of the client's own number.
    pub external_id: &'static str,
    /// Field of the number of the account's sequence; dialogues and messages have none.
    pub code: Option<&'static str>,
}

/// Of a knowledge base.
pub const BASE: IdentifierFields = IdentifierFields {
    object: "knowledge base",
    id: "KnowledgebaseID",
    external_id: "KnowledgebaseExternalID",
    code: Some("KnowledgebaseCode"),
};

/// Of what an article stands below.
pub const PARENT: IdentifierFields =
    IdentifierFields { object: "parent", id: "ParentID", external_id: "ParentExternalID", code: Some("ParentCode") };

/// Of an article.
pub const ARTICLE: IdentifierFields =
    IdentifierFields { object: "article", id: "ID", external_id: "ExternalID", code: Some("Code") };

/// Of a dialogue.
pub const DIALOGUE: IdentifierFields =
    IdentifierFields { object: "dialogue", id: "ID", external_id: "ExternalID", code: None };

/// Of the dialogue in which something is said.
pub const CHANNEL: IdentifierFields =
    IdentifierFields { object: "dialogue", id: "ChannelID", external_id: "ChannelExternalID", code: None };

/// Of a message.
pub const MESSAGE: IdentifierFields =
    IdentifierFields { object: "message", id: "ID", external_id: "ExternalID", code: None };

impl IdentifierFields {
    /// The fields.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        [Some(self.id), Some(self.external_id), self.code].into_iter().flatten()
    }

    /// The field of one identifier.
    #[must_use]
    pub fn of(&self, identifier: Identifier) -> &'static str {
        match identifier {
            Identifier::Id => self.id,
            Identifier::ExternalId => self.external_id,
            Identifier::Code => self.code.unwrap_or(self.id),
        }
    }

    /// Nothing has the identifier that is looked for; whether another account's object has it is not to be seen.
    pub(crate) fn names_nothing(&self, given: &Identifiers, detail: &str) -> Error {
        Error::field(given.first().map_or(self.id, |identifier| self.of(identifier)), detail)
    }

    /// Checks that all identifiers of a lookup name what the first one found.
    pub(crate) fn agree(&self, given: &Identifiers, names: &Names) -> Result<(), Error> {
        match names.contradicted_by(given) {
            Some(identifier) => Err(self.contradicts(given, identifier)),
            None => Ok(()),
        }
    }

    pub(crate) fn contradicts(&self, given: &Identifiers, identifier: Identifier) -> Error {
        let first = given.first().map_or(self.id, |identifier| self.of(identifier));
        let detail = format!("does not belong to the {} that {first} names; give one of the two", self.object);
        Error::field(self.of(identifier), detail)
    }

    /// None is given where one is needed.
    #[must_use]
    pub fn required(&self) -> String {
        format!("is required{}", self.all().skip(1).map(|field| format!(", or {field}")).collect::<String>())
    }

    /// The identifiers name nothing of this account.
    pub(crate) fn not_there(&self, given: &Identifiers) -> Error {
        self.names_nothing(given, &format!("names no {} of this account", self.object))
    }

    /// Another object of the account has this identifier, or had this code.
    pub(crate) fn taken(&self, identifier: Identifier) -> Error {
        let detail = match identifier {
            Identifier::Code => "is taken, or was; codes are not used again".to_owned(),
            _ => format!("belongs to another {} of this account", self.object),
        };
        Error::IdentifierTaken(FieldError { field: self.of(identifier).to_owned(), detail })
    }

    /// Which of the wanted identifiers another object has than the one of this key, when the database did not take them;
    /// none when nobody has them (any more).
    pub(crate) async fn conflict(
        &self,
        db: &Db,
        account: AccountId,
        kind: Kind,
        own_key: Option<i64>,
        wanted: &Identifiers,
    ) -> Result<Option<Error>, Error> {
        let taken = identifiers::taken(db, account, kind, own_key, wanted).await?;
        Ok(taken.map(|identifier| self.taken(identifier)))
    }

    /// Why a change of such an object failed.
    pub(crate) fn refused(&self, given: &Identifiers, error: ChangeError) -> Error {
        match error {
            ChangeError::NotThere => self.not_there(given),
            ChangeError::Taken(identifier) => self.taken(identifier),
            ChangeError::Store(error) => error.into(),
            other => Error::Internal(Box::new(other)),
        }
    }
}
