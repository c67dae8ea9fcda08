//! One turn of a dialogue: what the answer to a message may rest on is gathered, and the answer written.

use std::sync::Arc;
use std::time::Duration;

use cmes_store::answering::{NewAnswer, Standing};
use cmes_store::channels::{self, Channel};
use cmes_store::messages::{self, Message};
use cmes_types::{AccountId, MessageAnswer, OptionalId, ids};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::answer::{self, Answer, Grounds, Material, Passage, Turn};
use super::attachments;
use super::messages::SUCCESS;
use super::scope::{Part, restriction};
use crate::knowledge::nearness;
use crate::knowledge::search::{self, LONGEST_QUERY, Search};
use crate::{App, Error};

/// How an answer is wanted. Stored as JSON: fields may be added, names stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// What to answer from; none = all that the dialogue may use.
    pub parts: Vec<Part>,
}

/// Most earlier messages that an answer rests on.
const MOST_TURNS: i64 = 20;
/// Longest time for an answer, from the first byte asked to the last one written.
const ANSWER_TIME: Duration = Duration::from_secs(120);
/// Most passages of articles that are looked for.
const MOST_PASSAGES: usize = 10;

/// What a turn has given.
pub(crate) struct Taken {
    /// The answer's body.
    pub(crate) body: MessageAnswer,
    /// What is stored of it.
    pub(crate) answer: NewAnswer,
    /// Tokens that it took.
    pub(crate) tokens: u32,
}

/// Answers a message; `tell` hears each part of the text once it may be sent.
/// Nothing is changed, so that it may run several times.
///
/// # Errors
/// [`Error::Fields`] when the channel is gone, [`Error::ModelFailed`] when there is no answer.
pub(crate) async fn take(
    app: &Arc<App>,
    account: AccountId,
    standing: Standing,
    ask: &Ask,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<Taken, Error> {
    let (channel, question) = read(app, account, standing).await?;
    let material = gather(app, account, &channel, &question, ask).await?;
    let model = app.models.chat();
    let answered = answer::answer(model.as_deref(), &material, Instant::now() + ANSWER_TIME, tell).await;
    let mut answer = answered.map_err(|source| Error::ModelFailed { message: question.id, source })?;
    if answer.grounds == Grounds::Refused {
        let where_to_ask = passages(app, account, &channel, ask, answer::CONTACT_QUERY).await?;
        answer::offer_contact(&mut answer, &material, &where_to_ask, tell);
    }
    Ok(taken(app, &question, answer))
}

async fn read(app: &App, account: AccountId, standing: Standing) -> Result<(Channel, Message), Error> {
    let channel = channels::by_key(&app.db, account, standing.channel).await?;
    let question = messages::by_key(&app.db, account, standing.message).await?;
    channel.zip(question).ok_or_else(super::messages::gone)
}

async fn gather(
    app: &Arc<App>,
    account: AccountId,
    channel: &Channel,
    question: &Message,
    ask: &Ask,
) -> Result<Material, Error> {
    let turns = turns(&messages::recent(&app.db, account, question, MOST_TURNS).await?);
    let query = answer::search_query(&question.text, &turns, &channel.context);
    let (mut passages, earlier) = attachments::find(app, account, question, &query).await?;
    let found = self::passages(app, account, channel, ask, &query).await?;
    passages.extend(by_score(found, earlier));
    Ok(Material {
        system: channel.system.clone(),
        context: channel.context.clone(),
        turns,
        question: question.text.clone(),
        passages,
    })
}

/// Passages of articles for these words, best first.
async fn passages(
    app: &Arc<App>,
    account: AccountId,
    channel: &Channel,
    ask: &Ask,
    query: &str,
) -> Result<Vec<Passage>, Error> {
    let within = restriction(ask, channel);
    let query: String = query.chars().take(LONGEST_QUERY).collect();
    let wanted = Search { query: &query, within: within.as_deref(), limit: MOST_PASSAGES };
    let found = search::search(app, account, &wanted).await?.passages;
    // Only meanings that were compared have a nearness.
    let scale = if found.iter().any(|found| found.cosine.is_some()) { nearness::scale(app).await } else { None };
    Ok(found.into_iter().map(|found| Passage::of(found, scale)).collect())
}

fn by_score(one: Vec<Passage>, other: Vec<Passage>) -> Vec<Passage> {
    let mut all: Vec<Passage> = one.into_iter().chain(other).collect();
    all.sort_by(|a, b| b.score.total_cmp(&a.score));
    all
}

/// What was said, each answer after its question: when several messages came at
/// once, their answers stand behind all of them in the history.
fn turns(said: &[Message]) -> Vec<Turn> {
    let place = |message: &Message| {
        let question = message.answers.and_then(|key| said.iter().position(|other| other.key == key));
        let own = said.iter().position(|other| other.key == message.key);
        (question.or(own), question.is_some())
    };
    let mut placed: Vec<(_, &Message)> = said.iter().map(|message| (place(message), message)).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, message)| Turn { speaker: message.speaker, text: message.text.clone() }).collect()
}

fn taken(app: &App, question: &Message, answer: Answer) -> Taken {
    let now = app.clock.now();
    // Databases do not keep U+0000, which a model may write.
    let kept = |text: String| if text.contains('\0') { text.replace('\0', "") } else { text };
    let answer = Answer { text: kept(answer.text), context: kept(answer.context), ..answer };
    let id = ids::uuid_at(now);
    let tokens = answer.tokens.prompt.saturating_add(answer.tokens.completion);
    let stored = NewAnswer {
        id,
        text: answer.text.clone(),
        // An answer never stands before its question, whatever clock that has.
        period: now.max(question.period),
        articles: answer.articles.clone(),
        context: answer.context.clone(),
    };
    let body = MessageAnswer {
        users_id: OptionalId(Some(question.id)),
        assistant_id: OptionalId(Some(id)),
        context: answer.context,
        message: answer.text,
        status: SUCCESS.to_owned(),
        knowledge_base: answer.articles,
        sources: answer.sources,
    };
    Taken { body, answer: stored, tokens }
}

#[cfg(test)]
mod tests {
    use cmes_store::channels::ChannelKey;
    use cmes_store::messages::{MessageKey, State};
    use cmes_types::{Speaker, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn message(key: i64, answers: Option<i64>) -> Message {
        Message {
            key: MessageKey(key),
            channel: ChannelKey(1),
            id: Uuid::from_u128(1),
            external_id: 0,
            speaker: if answers.is_some() { Speaker::Assistant } else { Speaker::User },
            text: key.to_string(),
            period: Timestamp::default(),
            articles: Vec::new(),
            answers: answers.map(MessageKey),
            state: State::Stored,
        }
    }

    #[test]
    fn answers_stand_after_their_questions() {
        let check = |said: &[(i64, Option<i64>)], expected: &str| {
            let said: Vec<Message> = said.iter().map(|(key, answers)| message(*key, *answers)).collect();
            let texts: Vec<String> = turns(&said).into_iter().map(|turn| turn.text).collect();
            assert_eq!(texts.join(" "), expected);
        };
        check(&[(1, None), (2, None), (3, Some(1)), (4, Some(2))], "1 3 2 4");
        check(&[(1, None), (2, Some(1)), (5, None)], "1 2 5");
        check(&[(7, Some(1)), (8, None)], "7 8");
        check(&[], "");
    }
}
