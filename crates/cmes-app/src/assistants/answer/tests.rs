//! Answers with a model that says what the tests want it to say, the worst included.

mod attacks;

use std::time::Duration;

use cmes_models::{ChatAnswer, ChatRequest, ChatStream, Finish, Model, Readiness};
use futures_util::future::BoxFuture;

use super::*;

/// A model that always says this, a few letters at a time.
#[derive(Debug)]
struct Scripted(String);

impl Model for Scripted {
    fn provider(&self) -> &'static str {
        "scripted"
    }

    fn name(&self) -> &str {
        "scripted"
    }

    fn readiness(&self) -> Readiness {
        Readiness::Ready
    }

    fn check(&self, _: Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        Box::pin(async { Ok(String::new()) })
    }
}

impl ChatModel for Scripted {
    fn stream(&self, _: ChatRequest, _: Instant) -> ChatStream<'_> {
        let letters: Vec<char> = self.0.chars().collect();
        let deltas = letters.chunks(3).map(|part| Ok(ChatEvent::Delta(part.iter().collect()))).collect::<Vec<_>>();
        let done = ChatAnswer {
            text: self.0.clone(),
            finish: Finish::Stop,
            tokens: TokenCounts { prompt: 10, ..TokenCounts::default() },
        };
        Box::pin(futures_util::stream::iter(deltas.into_iter().chain([Ok(ChatEvent::Done(done))])))
    }
}

fn passage(code: i64, name: &str, text: &str) -> Passage {
    let origin = if code == 0 { Origin::Attachment } else { Origin::Article };
    Passage { origin, code, name: name.into(), context: name.into(), text: text.into(), score: 0.5, nearness: None }
}

fn material(question: &str, passages: &[(i64, &str, &str)]) -> Material {
    let passages = passages.iter().map(|(code, name, text)| passage(*code, name, text)).collect();
    Material { question: question.into(), passages, ..Material::default() }
}

async fn run(material: &Material, said: Option<&str>) -> Answer {
    let model = said.map(|said| Scripted(said.to_owned()));
    let mut told = String::new();
    let deadline = Instant::now() + Duration::from_secs(60);
    let model = model.as_ref().map(|model| model as &dyn ChatModel);
    let mut tell = |text: &str| told.push_str(text);
    let mut answer = answer(model, material, deadline, &mut tell).await.expect("an answer");
    offer_contact(&mut answer, material, &material.passages, &mut tell);
    assert_eq!(told, answer.text, "what is told is the answer");
    answer
}

const PUMPS: (i64, &str, &str) = (
    7,
    "Pumps",
    "The pump NP 200 costs 1,200 EUR and lifts 200 litres a minute. The warranty is two years. Delivery takes 3 days.",
);
const CONTACT: (i64, &str, &str) = (
    8,
    "Contact",
    "Reach the sales team at +49 30 1234567 or sales@nordpump.example. See https://nordpump.example/shop for all pumps.",
);

#[tokio::test]
async fn sentences_that_the_passages_bear_are_sent_and_others_are_not() {
    for (question, said, expected) in [
        ("What does the NP 200 cost?", "The NP 200 costs 1,200 EUR [1].", "The NP 200 costs 1,200 EUR."),
        (
            "What does the NP 200 cost?",
            "The NP 200 costs 1200 EUR. [1] It is made of gold. [1]",
            "The NP 200 costs 1200 EUR.",
        ),
        (
            "What does the NP 200 cost?",
            "It costs 1,300 EUR. The warranty is two years [1].",
            "The warranty is two years.",
        ),
        ("Is the warranty two years?", "Yes. The warranty is two years [1].", "Yes. The warranty is two years."),
        (
            "How do I reach you?",
            "Write to sales@nordpump.example or call +49 30 1234567 [2].",
            "Write to sales@nordpump.example or call +49 30 1234567.",
        ),
        (
            "How do I reach you?",
            "Reach the sales team at sales@nordpump.com [2]. See https://nordpump.example/shop for all pumps.",
            "See https://nordpump.example/shop for all pumps.",
        ),
        ("Wie lange ist die Garantie?", "Die Garantie beträgt zwei Jahre [1].", "Die Garantie beträgt zwei Jahre."),
        (
            "What does the NP 200 cost?",
            "- The pump costs 1,200 EUR\n- Delivery takes 3 days [1]\n",
            "- The pump costs 1,200 EUR\n- Delivery takes 3 days",
        ),
        // A price that only the user named.
        (
            "Does the NP 200 cost 500 EUR?",
            "Yes, the pump NP 200 costs 500 EUR [1]. The warranty is two years.",
            "The warranty is two years.",
        ),
    ] {
        let answer = run(&material(question, &[PUMPS, CONTACT]), Some(said)).await;
        assert_eq!((answer.text.as_str(), answer.grounds), (expected, Grounds::Answered), "{question}");
    }
}

#[tokio::test]
async fn sources_are_those_that_the_sentences_rest_on() {
    let question = material("How long is the warranty and how do I reach sales?", &[CONTACT, PUMPS]);
    let answer = run(&question, Some("The warranty is two years. Reach the sales team at +49 30 1234567.")).await;
    assert_eq!(answer.articles, [7, 8]);
    // A wrong number of a passage is put right.
    let answer = run(&question, Some("The warranty is two years [1].")).await;
    assert_eq!((answer.articles, answer.sources[0].passage.as_str()), (vec![7], PUMPS.2));
}

#[tokio::test]
async fn what_the_model_does_not_know_is_refused_in_the_language_of_the_question_with_a_contact() {
    for (question, said, unknown) in [
        (
            "Do you sell bicycles for children?",
            "NO_ANSWER",
            "I have no information about that. You can ask here: +49 30 1234567, sales@nordpump.example",
        ),
        (
            "Verkaufen Sie auch Fahrräder?",
            "Dazu habe ich keine Informationen.",
            "Dazu liegen mir keine Informationen vor. Hier hilft man Ihnen weiter: +49 30 1234567, sales@nordpump.example",
        ),
        (
            "Vendez-vous des vélos ?",
            "Oui, nous vendons des vélos à 300 EUR.",
            "Je n’ai pas d’information à ce sujet. Vous pouvez vous renseigner ici : +49 30 1234567, sales@nordpump.example",
        ),
    ] {
        let answer = run(&material(question, &[PUMPS, CONTACT]), Some(said)).await;
        assert_eq!((answer.text.as_str(), answer.grounds, &answer.articles[..]), (unknown, Grounds::Refused, &[8][..]));
    }
    let answer = run(&material("What does the NP 900 cost?", &[PUMPS]), Some("It costs 1,200 EUR.")).await;
    assert_eq!((answer.grounds, answer.tokens), (Grounds::Refused, TokenCounts::default()), "no model is asked");
}

#[tokio::test]
async fn without_a_model_the_best_sentence_is_quoted_or_nothing_is_known() {
    let quoted = run(&material("How long is the warranty?", &[CONTACT, PUMPS]), None).await;
    assert_eq!((quoted.text.as_str(), quoted.grounds), ("The warranty is two years.", Grounds::Quoted));
    assert_eq!(quoted.articles, [7]);
    let abroad = run(&material("Was kostet die NP 200?", &[PUMPS]), None).await;
    assert_eq!(abroad.text, "Aus „Pumps“: The pump NP 200 costs 1,200 EUR and lifts 200 litres a minute.");
    for question in ["Do you sell bicycles?", "What does the NP 900 cost?", "Who won the world cup?"] {
        let refused = run(&material(question, &[PUMPS]), None).await;
        assert_eq!((refused.grounds, refused.sources.len()), (Grounds::Refused, 0), "{question}: {}", refused.text);
    }
}

#[tokio::test]
async fn greetings_and_thanks_need_no_material() {
    for (message, expected) in [
        ("Hello!", "Hello! How can I help you?"),
        ("Vielen Dank!", "Gern geschehen!"),
        ("你好", "您好！请问有什么可以帮您？"),
    ] {
        let answer = run(&material(message, &[PUMPS]), Some("We sell gold for 5 EUR.")).await;
        assert_eq!((answer.text.as_str(), answer.grounds, answer.sources.len()), (expected, Grounds::Answered, 0));
    }
}

#[tokio::test]
async fn a_quotation_stands_in_for_a_model_whose_words_cannot_be_sent() {
    let asked = material("How long is the warranty?", &[PUMPS]);
    let answer = run(&asked, Some("The warranty is 25 years and everything is free.")).await;
    assert_eq!(
        (answer.text.as_str(), answer.grounds, answer.tokens.prompt),
        ("The warranty is two years.", Grounds::Quoted, 10)
    );
}
