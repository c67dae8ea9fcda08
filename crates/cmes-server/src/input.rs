//! What a request brings: who makes it, from where, with which fields.

mod caller;
mod client;
mod fields;

pub(crate) use caller::Authenticated;
pub(crate) use client::ClientIp;
pub(crate) use fields::{Fields, FromFields, Input, RawBody};
