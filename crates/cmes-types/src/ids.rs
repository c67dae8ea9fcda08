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
}
