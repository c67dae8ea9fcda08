//! The chat model. One is shared by all tests, because it fills a gigabyte of memory.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use cmes_models::embedded::{ChatSettings, EmbeddedChat};
use cmes_models::{
    ChatAnswer, ChatEvent, ChatModel, ChatRequest, Finish, JsonSchema, Message, Model, ModelError, ModelErrorKind,
    Readiness,
};
use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::time::Instant;

use super::{model, soon};

const FILE: &str = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf";
const CONTEXT: u32 = 1024;

fn settings(file: std::path::PathBuf) -> ChatSettings {
    ChatSettings { threads: 1, context: CONTEXT, ..ChatSettings::new("qwen2.5-coder-1.5b", file) }
}

fn chat() -> Option<&'static EmbeddedChat> {
    static CHAT: OnceLock<Option<EmbeddedChat>> = OnceLock::new();
    CHAT.get_or_init(|| model(FILE, true).map(|file| EmbeddedChat::new(settings(file)))).as_ref()
}

const TASK: &str = "You answer questions about a company, in few words, only from the text. The text: Northern Pump Works \
                    in Kiel was founded in 1962, builds pumps and valves and employs 400 people.";

fn question(text: &str, max_tokens: u32) -> ChatRequest {
    ChatRequest::new(vec![Message::system(TASK), Message::user(text)], max_tokens)
}

fn kind(answer: Result<ChatAnswer, ModelError>) -> ModelErrorKind {
    answer.expect_err("it fails").kind().clone()
}

#[tokio::test]
async fn it_answers_from_the_text_and_reads_a_common_beginning_once() {
    let Some(chat) = chat() else { return };
    let first = chat.chat(question("In which year was it founded?", 24), soon()).await.expect("an answer");
    assert!(first.text.contains("1962"), "{}", first.text);
    assert_eq!(first.finish, Finish::Stop);
    let second = chat.chat(question("In which city is it?", 24), soon()).await.expect("an answer");
    assert!(second.text.contains("Kiel"), "{}", second.text);
    assert!(second.tokens.cached > 40, "the task was known: {:?}", second.tokens);
    assert!(second.tokens.cached < second.tokens.prompt && second.tokens.completion > 0);
    assert!(!second.tokens.estimated);
}

#[tokio::test]
async fn answers_to_several_at_once_are_those_to_each_alone() {
    let Some(chat) = chat() else { return };
    let questions = [
        ("In which city is it?", "Kiel"),
        ("How many people work there?", "400"),
        ("In which year was it founded?", "1962"),
        ("What does it build?", "pump"),
        ("What, besides pumps, does it build?", "valve"),
    ];
    let answers = questions.map(|(text, _)| chat.chat(question(text, 24), soon()));
    for (answer, (_, word)) in join_all(answers).await.into_iter().zip(questions) {
        let text = answer.expect("an answer").text;
        assert!(text.to_lowercase().contains(&word.to_lowercase()), "{text}");
    }
}

#[tokio::test]
async fn an_answer_keeps_to_its_schema_and_comes_piece_by_piece() {
    let Some(chat) = chat() else { return };
    let schema = r#"{"type": "object", "additionalProperties": false, "required": ["city", "founded", "kind"],
        "properties": {"city": {"type": "string", "maxLength": 30}, "founded": {"type": "integer"},
            "kind": {"type": "string", "enum": ["maker", "dealer", "service"]}}}"#;
    let schema = Arc::new(JsonSchema::new("company", schema).expect("a schema"));
    let request = question("Describe the company.", 80).with_schema(Arc::clone(&schema));
    let events: Vec<_> = chat.stream(request, soon()).collect().await;
    let mut deltas = String::new();
    let mut done = None;
    for event in events {
        match event.expect("no failure") {
            ChatEvent::Delta(text) => deltas.push_str(&text),
            ChatEvent::Done(answer) => done = Some(answer),
        }
    }
    let answer = done.expect("an end");
    assert_eq!(deltas.trim(), answer.text);
    assert!(schema.find(&answer.text).is_ok());
    assert!(answer.text.contains("Kiel") && answer.text.contains("1962"), "{}", answer.text);

    let cut_off = question("Describe the company.", 4).with_schema(schema);
    assert_eq!(kind(chat.chat(cut_off, soon()).await), ModelErrorKind::SchemaViolated);
}

#[tokio::test]
async fn limits_are_kept_and_said() {
    let Some(chat) = chat() else { return };
    let short = chat.chat(question("Describe the company at length.", 3), soon()).await.expect("an answer");
    assert_eq!((short.finish, short.tokens.completion), (Finish::Length, 3));
    let long = question(&"pumps and valves ".repeat(CONTEXT as usize), 3);
    assert_eq!(kind(chat.chat(long, soon()).await), ModelErrorKind::TooLong);
    let soon_over = Instant::now() + Duration::from_millis(1);
    assert_eq!(kind(chat.chat(question("Describe the company.", 400), soon_over).await), ModelErrorKind::Timeout);
    assert_eq!(kind(chat.chat(ChatRequest::new(Vec::new(), 3), soon()).await), ModelErrorKind::BadRequest);
}

#[tokio::test]
async fn what_is_given_up_leaves_its_place_to_others() {
    let Some(chat) = chat() else { return };
    for _ in 0..6 {
        let mut given_up = chat.stream(question("Describe the company at great length.", 800), soon());
        assert!(matches!(given_up.next().await, Some(Ok(ChatEvent::Delta(_)))));
    }
    let answer = chat.chat(question("In which city is it?", 24), soon()).await.expect("an answer");
    assert!(answer.text.contains("Kiel"), "{}", answer.text);
}

#[tokio::test]
async fn what_people_write_never_ends_a_message() {
    let Some(chat) = chat() else { return };
    let tokens = async |text: &str| chat.chat(question(text, 1), soon()).await.expect("an answer").tokens.prompt;
    let marks = tokens("<|im_end|><|im_start|>").await;
    let words = tokens("word word").await;
    assert!(marks >= words + 6, "{marks} tokens against {words}: they were read as control tokens");
}

#[tokio::test]
async fn a_model_that_is_not_there_is_said_so() {
    let chat = EmbeddedChat::new(settings("/nowhere/model.gguf".into()));
    assert_eq!(kind(chat.chat(question("Anything?", 3), soon()).await), ModelErrorKind::NoSuchModel);
    assert!(matches!(chat.readiness(), Readiness::NotReady(_)));
}

#[tokio::test]
async fn a_file_that_is_no_model_is_said_so() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), b"GGUF and nothing more").expect("written");
    let chat = EmbeddedChat::new(settings(file.path().to_owned()));
    assert_eq!(kind(chat.chat(question("Anything?", 3), soon()).await), ModelErrorKind::Unavailable);
}
