//! Messages as they come in, and the history that they become.

use cmes_store::answering::Asked;
use cmes_store::channels::{Channel, ChannelKey};
use cmes_store::identifiers::{Identifier, Identifiers, Kind};
use cmes_store::messages::{self, Before, Content, Message, MessageKey, State};
use cmes_store::{Db, StoreError};
use cmes_types::{AccountId, MessageAnswer, OptionalId, Speaker, Timestamp, ids};
use uuid::Uuid;

use super::turn::Ask;
use super::{attachments, channels, scope};
use crate::Error;
use crate::identifiers::{CHANNEL, MESSAGE};

/// A message as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Which channel.
    pub channel: Identifiers,
    /// Which message; those of one that is there make it an update.
    pub identifiers: Identifiers,
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
/// [`Error::Fields`] when it cannot be stored; [`Error::IdentifierTaken`]; [`Error::InactiveChannel`].
pub async fn receive(
    db: &Db,
    account: AccountId,
    sent: &Sent,
    is_dry: bool,
    now: Timestamp,
) -> Result<Received, Error> {
    let channel = channels::find(db, account, &sent.channel, &CHANNEL).await?;
    if !channel.is_active {
        return Err(Error::InactiveChannel);
    }
    let ask = Ask { parts: scope::parts(db, account, &channel, &sent.codes).await? };
    let known = messages::find(db, account, &sent.identifiers).await?;
    if known.as_ref().is_some_and(|known| known.channel != channel.key) {
        // Whoever found it by this one cannot have it for another message.
        return Err(MESSAGE.taken(sent.identifiers.first().unwrap_or(Identifier::Id)));
    }
    let pieces = match &sent.additionally {
        Some(given) => Some(attachments::read("Additionally", given.clone()).await?),
        None => None,
    };
    let content = |speaker, id| Content {
        channel: channel.key,
        id,
        external_id: sent.identifiers.external_id,
        speaker,
        text: sent.text.clone(),
        period: sent.period,
        pieces: pieces.clone(),
    };
    let new_id = || sent.identifiers.id.unwrap_or_else(|| ids::uuid_at(now));
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
                let updated = messages::update(db, account, known.key, &content, now).await;
                accepted(db, account, updated, Some(known.key), &content).await?;
            }
            Ok(Received::Stored(only_stored(&channel, &content)))
        }
        (None, Some(role)) => {
            let content = content(role, new_id());
            if !is_dry {
                let stored = messages::store(db, account, &content, now).await;
                accepted(db, account, stored, None, &content).await?;
            }
            Ok(Received::Stored(only_stored(&channel, &content)))
        }
        (None, None) => {
            let asked = Asked { known: None, content: content(Speaker::User, new_id()) };
            Ok(Received::Asked(asked, ask))
        }
    }
}

/// What the store has made of a message; when it refused it, what the caller hears.
///
/// # Errors
/// [`Error::IdentifierTaken`]; [`Error::Fields`] when the channel is gone, or the message was sent again by somebody else.
pub(crate) async fn accepted<T>(
    db: &Db,
    account: AccountId,
    outcome: cmes_store::Result<T>,
    own_key: Option<MessageKey>,
    content: &Content,
) -> Result<T, Error> {
    match outcome {
        Err(StoreError::Conflict) => {
            let wanted = Identifiers { external_id: content.external_id, ..Identifiers::by_id(content.id) };
            let key = own_key.map(|key| key.0);
            let taken = MESSAGE.conflict(db, account, Kind::Message, key, &wanted).await?;
            Err(taken.unwrap_or_else(|| Error::field(MESSAGE.id, "names a message that is being answered already")))
        }
        Err(StoreError::NotFound) => Err(gone()),
        other => Ok(other?),
    }
}

/// The channel was there when it was asked for, and is not any more.
pub(crate) fn gone() -> Error {
    CHANNEL.not_there(&Identifiers::default())
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
            let named = messages::find(db, account, &Identifiers::by_id(id)).await?;
            let unknown = || Error::field("Before", "names no message of this dialogue");
            let message = named.filter(|message| message.channel == channel).ok_or_else(unknown)?;
            Some(Before { period: message.period, key: Some(message.key) })
        }
    };
    Ok(messages::history(db, account, channel, before, part.limit.unwrap_or(i64::MAX)).await?)
}
