//! Messages as they come in, and the history that they become.

use cmes_store::answering::Asked;
use cmes_store::channels::{Channel, ChannelKey, Names};
use cmes_store::messages::{self, Before, Content, Message, State};
use cmes_store::{Db, StoreError};
use cmes_types::{AccountId, MessageAnswer, OptionalId, Speaker, Timestamp, ids};
use uuid::Uuid;

use super::turn::Ask;
use super::{attachments, channels, scope};
use crate::Error;

/// A message as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Names of the channel.
    pub channel: Names,
    /// Names of the message; those of one that is there make it an update.
    pub names: Names,
    /// Its words.
    pub text: String,
    /// When it was said; none = now.
    pub period: Option<Timestamp>,
    /// By whom it was said: then it belongs to an earlier dialogue, and is only stored.
    pub role: Option<Speaker>,
    /// What is handed over with it.
    pub additionally: Option<String>,
    /// Codes of the articles, sections or bases to answer from; none = of all that the dialogue may use.
    pub codes: Vec<i64>,
}

/// What is to be done with a message.
#[derive(Clone, Debug)]
pub enum Received {
    /// It is stored, which is all.
    Stored(MessageAnswer),
    /// It is to be stored and answered in this way.
    Asked(Asked, Ask),
}

/// Looks at a message, and stores it unless it is to be answered (or `is_dry`).
///
/// A message with the names of one that is there changes that one and is not
/// answered, with one exception: one whose answer has failed is answered now.
///
/// # Errors
/// [`Error::Fields`] when it cannot be stored; [`Error::InactiveChannel`].
pub async fn receive(
    db: &Db,
    account: AccountId,
    sent: &Sent,
    is_dry: bool,
    now: Timestamp,
) -> Result<Received, Error> {
    let channel = channels::find(db, account, sent.channel, channels::IN_MESSAGES).await?;
    if !channel.is_active {
        return Err(Error::InactiveChannel);
    }
    let ask = Ask { parts: scope::parts(db, account, &channel, &sent.codes).await? };
    let known = messages::named(db, account, sent.names).await?;
    if known.as_ref().is_some_and(|known| known.channel != channel.key) {
        return Err(taken(sent));
    }
    let pieces = match &sent.additionally {
        Some(given) => Some(attachments::read("Additionally", given.clone()).await?),
        None => None,
    };
    let content = |speaker, id| Content {
        channel: channel.key,
        id,
        external_id: sent.names.external_id,
        speaker,
        text: sent.text.clone(),
        period: sent.period,
        pieces: pieces.clone(),
    };
    let new_id = || sent.names.id.unwrap_or_else(|| ids::uuid_at(now));
    match (known, sent.role) {
        (Some(known), role) if role.is_some_and(|role| role != known.speaker) => {
            let detail = format!("is “{}” for this message and cannot be changed", known.speaker.as_str());
            Err(Error::field("Role", detail))
        }
        (Some(known), None) if known.state == State::Failed => {
            let content = content(known.speaker, known.id);
            Ok(Received::Asked(Asked { known: Some(known.key), content }, ask))
        }
        (Some(known), _) => {
            let content = content(known.speaker, known.id);
            if !is_dry {
                stored(messages::update(db, account, known.key, &content, now).await, sent)?;
            }
            Ok(Received::Stored(only_stored(&channel, &content)))
        }
        (None, Some(role)) => {
            let content = content(role, new_id());
            if !is_dry {
                stored(messages::store(db, account, &content, now).await, sent)?;
            }
            Ok(Received::Stored(only_stored(&channel, &content)))
        }
        (None, None) => {
            let asked = Asked { known: None, content: content(Speaker::User, new_id()) };
            Ok(Received::Asked(asked, ask))
        }
    }
}

/// What the caller hears of a message that could not be stored.
pub(crate) fn refused(error: StoreError) -> Error {
    match error {
        StoreError::Conflict => Error::field("ID", "or ExternalID is taken by another message; choose another one"),
        StoreError::NotFound => Error::field(channels::IN_MESSAGES[0], "names no dialogue of this account"),
        error => error.into(),
    }
}

fn stored<T>(outcome: cmes_store::Result<T>, sent: &Sent) -> Result<T, Error> {
    match outcome {
        Err(StoreError::Conflict) => Err(taken(sent)),
        other => other.map_err(refused),
    }
}

fn taken(sent: &Sent) -> Error {
    let field = if sent.names.id.is_some() && sent.names.external_id.is_none() { "ID" } else { "ExternalID" };
    Error::field(field, "is taken by another message; choose another one")
}

/// The answer to a message that is not answered.
fn only_stored(channel: &Channel, content: &Content) -> MessageAnswer {
    let (users_id, assistant_id, message) = match content.speaker {
        Speaker::User => (Some(content.id), None, String::new()),
        Speaker::Assistant => (None, Some(content.id), content.text.clone()),
    };
    MessageAnswer {
        users_id: OptionalId(users_id),
        assistant_id: OptionalId(assistant_id),
        context: channel.context.clone(),
        message,
        status: SUCCESS.to_owned(),
        knowledge_base: Vec::new(),
        sources: Vec::new(),
    }
}

/// The status of every answer that is no problem.
pub const SUCCESS: &str = "Success";

/// Which part of a history is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part {
    /// At most so many messages, the last ones; none = all.
    pub limit: Option<i64>,
    /// Only what was said before that.
    pub before: Option<Point>,
}

/// A point in a history.
#[derive(Clone, Copy, Debug)]
pub enum Point {
    /// A message.
    Message(Uuid),
    /// A moment.
    Moment(Timestamp),
}

/// What was said in a channel, oldest first.
///
/// # Errors
/// [`Error::Fields`] when the message at which it is to end is not in the channel.
pub async fn history(db: &Db, account: AccountId, channel: ChannelKey, part: Part) -> Result<Vec<Message>, Error> {
    let before = match part.before {
        None => None,
        Some(Point::Moment(period)) => Some(Before { period, key: None }),
        Some(Point::Message(id)) => {
            let named = messages::named(db, account, Names { id: Some(id), external_id: None }).await?;
            let unknown = || Error::field("Before", "names no message of this dialogue");
            let message = named.filter(|message| message.channel == channel).ok_or_else(unknown)?;
            Some(Before { period: message.period, key: Some(message.key) })
        }
    };
    Ok(messages::history(db, account, channel, before, part.limit.unwrap_or(i64::MAX)).await?)
}
