//! Identifiers, each kind a type of its own, so that an account can never be
//! looked up by a project's identifier.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier; version 7, so that rows stay in order of their making.
            #[must_use]
            pub fn new_at(now: crate::Timestamp) -> Self {
                Self(crate::ids::uuid_at(now))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// Who pays: one customer of the service.
    AccountId,
    /// A part of an account, by which consumption is told apart.
    ProjectId,
    /// An API key (its identity, not its secret).
    KeyId,
    /// One call of a method, with its result.
    TaskId,
    /// One message to a webhook.
    DeliveryId,
    /// A limit on what a key or project may spend.
    CapId,
    /// A knowledge base; unique within its account.
    KnowledgeBaseId,
    /// An article or section of a knowledge base; unique within its account.
    ArticleId,
}

/// A version 7 UUID (RFC 9562) of this moment.
#[must_use]
pub fn uuid_at(now: crate::Timestamp) -> Uuid {
    let milliseconds = u64::try_from(now.milliseconds()).unwrap_or_default();
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    let nanoseconds = u32::try_from(rest * 1_000_000).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds))
}
