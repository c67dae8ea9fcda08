//! The DevTools protocol over two pipes: JSON messages, each ended by a zero byte.
//!
//! Nothing listens on a port, so no other program of the machine can command
//! this Chromium. A session is one page (or a frame of it that has a process of
//! its own); its events go to whoever watches that page.

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::pipe;
use tokio::sync::{mpsc, oneshot};

use crate::error::BrowserError;

/// Longest message taken; a page's text and what it posts are limited far below.
const LONGEST: usize = 64 * 1024 * 1024;
/// Events that may wait for a page's turn. A page that makes more than this at
/// once loses some, and waits in vain for what it asked for.
const EVENTS: usize = 4096;

/// The two ends of a running Chromium's pipes. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    waiting: HashMap<u64, oneshot::Sender<Result<Value, String>>>,
    sessions: HashMap<String, mpsc::Sender<Event>>,
    is_over: bool,
}

/// Something that happened in a session.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) session: String,
    pub(crate) method: String,
    pub(crate) params: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    id: Option<u64>,
    #[serde(default)]
    session_id: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    message: String,
}

impl Connection {
    /// Speaks with a Chromium that reads from one and writes to the other pipe.
    pub(crate) fn open(commands: OwnedFd, messages: OwnedFd) -> std::io::Result<Connection> {
        let commands = pipe::Sender::from_owned_fd(commands)?;
        let messages = pipe::Receiver::from_owned_fd(messages)?;
        let (outgoing, queue) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared { outgoing, state: Mutex::default() });
        tokio::spawn(write(commands, queue));
        // Weak, so that the pipe closes, and Chromium ends, when nobody needs it any more.
        let reader = Arc::downgrade(&shared);
        tokio::spawn(async move {
            read(messages, |message| {
                let Some(shared) = reader.upgrade() else { return false };
                shared.take(message);
                true
            })
            .await;
            if let Some(shared) = reader.upgrade() {
                shared.close();
            }
        });
        Ok(Connection { shared })
    }

    /// Sends a command and waits for its result. The caller limits the time.
    pub(crate) async fn call(&self, session: &str, method: &str, params: Value) -> Result<Value, BrowserError> {
        let (sender, receiver) = oneshot::channel();
        let id = {
            let mut state = self.shared.state();
            if state.is_over {
                return Err(BrowserError::Crashed);
            }
            state.last_id += 1;
            let id = state.last_id;
            state.waiting.insert(id, sender);
            id
        };
        let _forgotten = Forget { shared: &self.shared, id };
        self.send(id, session, method, &params);
        match receiver.await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(fault)) => {
                tracing::debug!(method, fault, "the browser refused a command");
                Err(BrowserError::Crashed)
            }
            Err(_) => Err(BrowserError::Crashed),
        }
    }

    /// Sends a command whose result does not matter.
    pub(crate) fn tell(&self, session: &str, method: &str, params: &Value) {
        // An id of its own, because Chromium answers all the same.
        self.send(0, session, method, params);
    }

    fn send(&self, id: u64, session: &str, method: &str, params: &Value) {
        let mut message = json!({"id": id, "method": method, "params": params});
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        // Nobody receives it when Chromium has ended, which the reader notices.
        let _ = self.shared.outgoing.send(bytes);
    }

    /// From now on the events of this session, and of the sessions that it opens.
    pub(crate) fn watch(&self, session: &str) -> mpsc::Receiver<Event> {
        let (sender, receiver) = mpsc::channel(EVENTS);
        let mut state = self.shared.state();
        if !state.is_over {
            state.sessions.insert(session.to_owned(), sender);
        }
        receiver
    }

    /// Forgets a session and those that it opened.
    pub(crate) fn unwatch(&self, session: &str) {
        let mut state = self.shared.state();
        if let Some(sender) = state.sessions.remove(session) {
            state.sessions.retain(|_, other| !other.same_channel(&sender));
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.shared.state().is_over
    }
}

/// Whoever stopped waiting is forgotten: a page that hangs never answers.
struct Forget<'a> {
    shared: &'a Shared,
    id: u64,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.shared.state().waiting.remove(&self.id);
    }
}

impl Shared {
    /// Plain tables: a panic elsewhere cannot have left them half written.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, message: Message) {
        let mut state = self.state();
        if let Some(id) = message.id {
            if let Some(waiting) = state.waiting.remove(&id) {
                let result = message.error.map_or(Ok(message.result), |fault| Err(fault.message));
                let _ = waiting.send(result);
            }
            return;
        }
        let named = message.params["sessionId"].as_str().unwrap_or_default();
        let session = match message.method.as_str() {
            // Told to the parent, which for a page is the browser itself.
            "Target.detachedFromTarget" => named.to_owned(),
            _ => message.session_id,
        };
        let Some(sender) = state.sessions.get(&session).cloned() else { return };
        if message.method == "Target.attachedToTarget" {
            state.sessions.insert(named.to_owned(), sender.clone());
        }
        let _ = sender.try_send(Event { session, method: message.method, params: message.params });
    }

    /// Everybody who waits learns that nothing comes any more.
    fn close(&self) {
        let mut state = self.state();
        state.is_over = true;
        state.waiting.clear();
        state.sessions.clear();
    }
}

async fn write(mut pipe: pipe::Sender, mut queue: mpsc::UnboundedReceiver<Vec<u8>>) {
    while let Some(message) = queue.recv().await {
        if pipe.write_all(&message).await.is_err() {
            break;
        }
    }
}

/// Reads until the pipe ends, a message is too long, or `take` has enough.
async fn read(mut pipe: pipe::Receiver, mut take: impl FnMut(Message) -> bool) {
    let mut buffer = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = pipe.read(&mut chunk).await else { return };
        let mut rest = &chunk[..count];
        while let Some(end) = rest.iter().position(|byte| *byte == 0) {
            buffer.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
            let message = serde_json::from_slice(&buffer);
            buffer.clear();
            if message.is_ok_and(|message| !take(message)) {
                return;
            }
        }
        buffer.extend_from_slice(rest);
        if buffer.len() > LONGEST {
            tracing::warn!("the browser sent a message without an end");
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection whose other end is held by the test.
    fn pair() -> (Connection, pipe::Receiver, pipe::Sender) {
        let (commands_out, commands_in) = std::io::pipe().expect("a pipe");
        let (messages_out, messages_in) = std::io::pipe().expect("a pipe");
        let connection = Connection::open(commands_in.into(), messages_out.into()).expect("pipes");
        let commands = pipe::Receiver::from_owned_fd(commands_out.into()).expect("a pipe");
        let messages = pipe::Sender::from_owned_fd(messages_in.into()).expect("a pipe");
        (connection, commands, messages)
    }

    #[tokio::test]
    async fn answers_find_who_asked_and_events_who_watches() {
        let (connection, mut commands, mut messages) = pair();
        let mut events = connection.watch("page");
        let call = connection.call("page", "Page.enable", json!({}));
        let answer = async {
            let mut asked = vec![0; 200];
            let count = commands.read(&mut asked).await.expect("a command");
            let asked: Value = serde_json::from_slice(&asked[..count - 1]).expect("JSON before the zero byte");
            assert_eq!((&asked["method"], &asked["sessionId"]), (&"Page.enable".into(), &"page".into()));
            let child = r#"{"method":"Target.attachedToTarget","sessionId":"page","params":{"sessionId":"frame"}}"#;
            let event = r#"{"method":"Fetch.requestPaused","sessionId":"frame","params":{"a":1}}"#;
            let foreign = r#"{"method":"Page.loadEventFired","sessionId":"other","params":{}}"#;
            let answer = format!(r#"{{"id":{},"result":{{"b":2}}}}"#, asked["id"]);
            for message in [child, event, foreign, "no JSON", &answer] {
                messages.write_all(message.as_bytes()).await.expect("written");
                messages.write_all(b"\0").await.expect("written");
            }
        };
        let (answer, ()) = tokio::join!(call, answer);
        assert_eq!(answer.expect("an answer"), json!({"b": 2}));
        assert_eq!(events.recv().await.expect("an event").method, "Target.attachedToTarget");
        let event = events.recv().await.expect("an event");
        assert_eq!((event.session.as_str(), &event.params), ("frame", &json!({"a": 1})));
        drop(messages);
        assert!(events.recv().await.is_none());
        assert!(matches!(connection.call("", "Browser.close", json!({})).await, Err(BrowserError::Crashed)));
    }

    #[tokio::test]
    async fn the_pipe_closes_with_the_last_user() {
        let (connection, mut commands, _messages) = pair();
        drop(connection);
        assert_eq!(commands.read(&mut [0; 8]).await.expect("an end"), 0);
    }
}
