//! Indexing: what is stored is found soon, whole, by every process, and never twice made without need.

use std::sync::Arc;
use std::time::Duration;

use cmes_app::knowledge::articles::{CreateArticle, UpdateArticle};
use cmes_app::knowledge::search::{Found, Search, Within, search};
use cmes_app::knowledge::{articles, bases, indexing};
use cmes_app::{App, worker};
use cmes_models::ModelErrorKind;
use cmes_store::articles::{NamedArticle, Parent, State, Which};
use cmes_store::identifiers::Identifiers;
use cmes_store::jobs::{self, JobKind};
use cmes_store::knowledge_bases::{NamedBase, NewBase};
use cmes_store::{Db, accounts};
use cmes_testkit::{Behaviour, TestEmbedder};
use cmes_types::{AccountId, Clock};
use tokio_util::sync::CancellationToken;

use crate::support::{LEASE, TestApp, on_both_engines};

/// A knowledge base of an account, as a process sees it.
#[derive(Clone)]
pub struct Base {
    pub app: Arc<App>,
    pub account: AccountId,
    pub base: NamedBase,
}

impl Base {
    pub async fn new(test: &TestApp, email: &str, name: &str) -> Self {
        let account = accounts::by_email(&test.db, email).await.expect("read").expect("an account").id;
        let new = NewBase { identifiers: Identifiers::default(), name, body: "" };
        let names = bases::create(&test.db, account, new, None, test.clock.now()).await.expect("a base");
        let given = Identifiers { id: Some(names.id), ..Identifiers::default() };
        let base = bases::named(&test.db, account, &given).await.expect("the base");
        Self { app: Arc::clone(&test.app), account, base }
    }

    /// The same base in another process.
    pub fn seen_by(&self, app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app), ..*self }
    }

    pub async fn add(&self, name: &str, body: &str) -> NamedArticle {
        self.add_below(Parent::Top, name, body).await
    }

    pub async fn add_below(&self, parent: Parent, name: &str, body: &str) -> NamedArticle {
        let identifiers = Identifiers::default();
        let new = CreateArticle { identifiers, parent, name, body: body.to_owned(), source: None };
        let now = self.app.clock.now();
        articles::create(&self.app.db, self.account, &self.base, new, None, now).await.expect("an article")
    }

    pub async fn edit(&self, article: NamedArticle, body: &str) {
        self.change(article, UpdateArticle { body: Some(body.to_owned()), ..UpdateArticle::default() }).await;
    }

    pub async fn change(&self, article: NamedArticle, changes: UpdateArticle<'_>) {
        let (which, now) = (Which::Key(article.key), self.app.clock.now());
        articles::update(&self.app.db, self.account, &self.base, which, changes, now).await.expect("an update");
    }

    pub async fn delete(&self, article: NamedArticle) {
        let given = Identifiers { id: Some(article.names.id), ..Identifiers::default() };
        let now = self.app.clock.now();
        articles::delete(&self.app.db, self.account, &self.base, &given, now).await.expect("deleted");
    }

    pub async fn states(&self) -> Vec<State> {
        let page = articles::list(&self.app.db, self.account, &self.base, None, 0, 1_000).await.expect("a list");
        page.entries.into_iter().map(|entry| entry.state).collect()
    }

    pub async fn found(&self, query: &str) -> Found {
        let within = [Within::Base(self.base.key)];
        let asked = Search { query, within: Some(&within), limit: 10 };
        search(&self.app, self.account, &asked).await.expect("a search")
    }

    /// The texts alone.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        self.found(query).await.passages.into_iter().map(|passage| passage.text).collect()
    }

    /// Works on everything that is ready.
    pub async fn work(&self) {
        worker::run_once(&self.app, &worker::Settings::default()).await.expect("the queue is worked off");
    }
}

/// What waits in the queue, as `kind state count`.
async fn queue(db: &Db) -> Vec<String> {
    let counts = jobs::counts(db).await.expect("counted");
    counts.iter().map(|count| format!("{} {} {}", count.kind, count.state, count.jobs)).collect()
}

pub const DEMO: &str = "demo@example.com";

#[test]
fn what_is_stored_is_found_and_an_edit_makes_only_what_changed_anew() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let base = Base::new(&test, DEMO, "Products").await;
        let section = base.add("Pumps", "").await;
        // Each a passage of its own.
        let paragraph = |text: &str| format!("{}{text}.\n\n", "filler ".repeat(105));
        let body = |last: &str| [paragraph("alpha"), paragraph("beta"), paragraph(last)].concat();
        let article = base.add_below(Parent::Article(section.key), "P-7", &body("gamma")).await;
        assert!(!base.found("gamma").await.is_indexed);
        base.work().await;
        let found = base.found("gamma").await;
        assert!(found.is_indexed && found.by_meaning);
        assert!(found.passages[0].text.contains("gamma") && found.passages[0].context.starts_with("Pumps > P-7"));
        assert_eq!((found.passages[0].article, found.passages[0].base), (article.names, base.base.names));
        assert_eq!(queue(&test.db).await, Vec::<String>::new());

        let before = embedder.passages();
        assert!(before >= 3, "{before}");
        base.edit(article, &body("delta")).await;
        base.work().await;
        assert!(base.texts("delta").await[0].contains("delta"));
        assert!(base.texts("gamma").await.iter().all(|text| !text.contains("gamma.")));
        assert_eq!(embedder.passages(), before + 1, "one passage changed");
        // Moved to the front, passages keep their vectors.
        base.edit(article, &[paragraph("delta"), paragraph("alpha"), paragraph("beta")].concat()).await;
        base.work().await;
        assert_eq!(embedder.passages(), before + 1, "none changed");
        assert!(base.texts("delta").await[0].contains("delta"));

        // The names of the sections above are part of a passage.
        base.change(section, UpdateArticle { name: Some("Valves"), ..UpdateArticle::default() }).await;
        base.work().await;
        assert!(base.found("delta").await.passages[0].context.starts_with("Valves > P-7"));

        base.delete(section).await;
        assert_eq!(base.texts("delta").await, Vec::<String>::new());
    });
}

#[test]
fn without_an_embedder_words_are_found_and_meanings_once_there_is_one() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let base = Base::new(&test, DEMO, "Support").await;
        base.add("Returns", "Goods are returned within thirty days.").await;
        base.work().await;
        let found = base.found("returned goods").await;
        assert!(found.is_indexed && !found.by_meaning && found.passages.len() == 1, "{found:?}");
        assert_eq!((base.states().await, queue(&test.db).await), (vec![State::Indexed], Vec::new()));

        // The next start has an embedder.
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = test.embedding_with(Some(Arc::clone(&embedder)));
        let base = base.seen_by(&test.app);
        indexing::request_outdated(&test.app, false).await.expect("asked");
        base.work().await;
        assert_eq!(embedder.passages(), 1);
        // “returning” begins as “returned” does, which only its meaning shows.
        let found = base.found("returning").await;
        assert!(found.by_meaning && found.passages.len() == 1, "{found:?}");
        // Nothing is left to do, and nothing is done again.
        indexing::request_outdated(&test.app, true).await.expect("asked");
        assert_eq!(queue(&test.db).await, Vec::<String>::new());
    });
}

#[test]
fn a_failing_embedder_leaves_words_and_is_asked_again() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let base = Base::new(&test, DEMO, "Support").await;
        base.add("Returns", "Goods are returned within thirty days.").await;
        embedder.behave(Behaviour::Fail(ModelErrorKind::Unavailable));
        base.work().await;
        let found = base.found("returned goods").await;
        assert!(!found.is_indexed && !found.by_meaning && found.passages.len() == 1, "{found:?}");
        assert_eq!(base.states().await, [State::Words]);
        assert_eq!(queue(&test.db).await, ["embed waiting 1"]);

        // An edit meanwhile does not wait for the embedder.
        base.add("Repairs", "Pumps are repaired in Kiel.").await;
        base.work().await;
        assert_eq!(base.texts("repaired").await, ["Pumps are repaired in Kiel."]);

        embedder.behave(Behaviour::Answer);
        test.clock.advance(Duration::from_secs(3));
        base.work().await;
        assert_eq!(base.states().await, [State::Indexed, State::Indexed]);
        let found = base.found("returning").await;
        assert!(found.is_indexed && found.by_meaning, "{found:?}");
        assert_eq!(queue(&test.db).await, Vec::<String>::new());
    });
}

#[test]
fn a_passage_that_the_embedder_refuses_keeps_no_other_from_its_vector() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let base = Base::new(&test, DEMO, "Support").await;
        base.add("Good", "Goods are returned within thirty days.").await;
        base.add("Bad", "This one is poison to the model.").await;
        embedder.behave(Behaviour::Refuse("poison"));
        base.work().await;
        assert_eq!(base.states().await, [State::Indexed, State::Indexed]);
        assert_eq!(embedder.passages(), 1);
        assert_eq!(base.found("returning").await.passages[0].article_name, "Good");
        assert_eq!(base.found("poison").await.passages[0].article_name, "Bad");
        assert_eq!(queue(&test.db).await, Vec::<String>::new());
    });
}

#[test]
fn a_question_does_not_wait_for_an_embedder_that_hangs() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let base = Base::new(&test, DEMO, "Support").await;
        base.add("Returns", "Goods are returned within thirty days.").await;
        base.work().await;
        embedder.behave(Behaviour::Hang);
        let found = base.found("returned goods").await;
        assert!(!found.by_meaning && found.passages.len() == 1, "{found:?}");
    });
}

#[test]
fn vectors_of_another_embedder_are_not_compared_and_made_anew() {
    on_both_engines(async |engine| {
        let (first, second) = (Arc::new(TestEmbedder::new("a")), Arc::new(TestEmbedder::new("b")));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&first)));
        let base = Base::new(&test, DEMO, "Support").await;
        for number in 0..40 {
            base.add(&format!("Article {number}"), &format!("Part {number} is returned within days.")).await;
        }
        base.work().await;
        assert!(base.found("unreturned").await.passages.len() > 1);

        let test = test.embedding_with(Some(Arc::clone(&second)));
        let base = base.seen_by(&test.app);
        // By meaning alone nothing is found: there is nothing that could be compared.
        assert_eq!(base.found("unreturned").await.passages, Vec::new());
        assert!(!base.found("returned").await.passages.is_empty());
        indexing::request_outdated(&test.app, true).await.expect("asked");
        base.work().await;
        assert_eq!((first.passages(), second.passages()), (40, 40));
        assert!(base.found("unreturned").await.passages.len() > 1);
        assert_eq!(queue(&test.db).await, Vec::<String>::new());
    });
}

#[test]
fn processes_see_each_others_edits_and_build_an_index_once() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let here = Base::new(&test, DEMO, "Shared").await;
        let (other, _) = test.another_process();
        let there = here.seen_by(&other);
        let kept = here.add("Kept", "The warehouse is in Kiel.").await;
        let deleted = here.add("Deleted", "The warehouse is in Rostock.").await;
        there.work().await;
        let searches = (0..20).map(|_| here.found("warehouse"));
        for found in futures_util::future::join_all(searches).await {
            assert_eq!(found.passages.len(), 2);
        }
        assert_eq!((here.app.metrics.indices_built.get(), there.found("warehouse").await.passages.len()), (1, 2));

        there.edit(kept, "The warehouse is in Bremen now.").await;
        there.delete(deleted).await;
        assert_eq!(here.texts("warehouse").await, ["The warehouse is in Kiel."]);
        here.work().await;
        for base in [&here, &there] {
            assert_eq!(base.texts("warehouse").await, ["The warehouse is in Bremen now."]);
            assert_eq!(base.app.metrics.indices_built.get(), 1, "only what changed is read");
        }

        // An index that was not used for long cannot know what was deleted meanwhile, and is built anew.
        there.delete(kept).await;
        test.clock.advance(worker::REMOVALS_AGE + Duration::from_secs(1));
        worker::clean(&test.app, Duration::from_secs(1)).await.expect("cleaned");
        assert_eq!(here.texts("warehouse").await, Vec::<String>::new());
        assert_eq!(here.app.metrics.indices_built.get(), 2);
    });
}

#[test]
fn nobody_finds_what_belongs_to_another_account() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        test.new_key("eve@example.com").await;
        let base = Base::new(&test, DEMO, "Secret").await;
        let article = base.add("Plans", "The new pump is called Poseidon.").await;
        let eve = Base::new(&test, "eve@example.com", "Own").await;
        eve.add("Mine", "Poseidon is a god of the sea.").await;
        base.work().await;
        let both = [Within::Base(base.base.key), Within::Base(eve.base.key)];
        let asked = Search { query: "Poseidon", within: Some(&both), limit: 10 };
        for asked in [asked, Search { within: None, ..asked }] {
            let found = search(&test.app, eve.account, &asked).await.expect("a search");
            assert_eq!(found.passages.iter().map(|p| p.article_name.as_str()).collect::<Vec<_>>(), ["Mine"]);
        }
        let articles = [Within::Article(base.base.key, article.key), Within::Article(eve.base.key, article.key)];
        let asked = Search { within: Some(&articles), ..asked };
        assert_eq!(search(&test.app, eve.account, &asked).await.expect("a search").passages, Vec::new());
        let found = search(&test.app, base.account, &asked).await.expect("a search");
        assert_eq!(found.passages[0].article, article.names);
    });
}

#[test]
fn indices_stay_within_their_memory() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let mut bases = Vec::new();
        for number in 0..8 {
            let base = Base::new(&test, DEMO, &format!("Base {number}")).await;
            for article in 0..20 {
                let body = format!("Pump {article} of base {number} is made of steel, brass and ceramics.");
                base.add(&format!("Pump {article}"), &body).await;
            }
            bases.push(base);
        }
        bases[0].work().await;
        bases[0].found("ceramics").await;
        let budget = test.app.knowledge.indices.memory() * 7 / 2;
        let test = test.with_index_bytes(budget);
        let bases: Vec<_> = bases.iter().map(|base| base.seen_by(&test.app)).collect();
        let kept = &test.app.knowledge.indices;
        for round in 0..3 {
            for base in &bases {
                assert_eq!(base.found("ceramics").await.passages.len(), 10, "round {round}");
                assert!(kept.memory() <= budget, "{} bytes in {} indices", kept.memory(), kept.len());
            }
        }
        assert_eq!(kept.len(), 3);
        let before = test.app.metrics.indices_built.get();
        bases[7].found("steel").await;
        assert_eq!(test.app.metrics.indices_built.get(), before, "the one used last is there");
    });
}

#[test]
fn edits_searches_and_deletes_at_once() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(embedder));
        let here = Base::new(&test, DEMO, "Busy").await;
        let (other, _) = test.another_process();
        let there = here.seen_by(&other);
        let body = |number: usize, round: usize| {
            let sentence = format!("Pump {number} in edition {round} of the catalogue. ");
            format!("{}\n\n{}", sentence.repeat(14), sentence.repeat(12))
        };
        let mut articles = Vec::new();
        for number in 0..12 {
            articles.push(here.add(&format!("Pump {number}"), &body(number, 0)).await);
        }
        here.work().await;
        let edits = async {
            for round in 1..=6 {
                for (number, article) in articles.iter().enumerate() {
                    (if number % 2 == 0 { &here } else { &there }).edit(*article, &body(number, round)).await;
                    there.work().await;
                }
            }
        };
        let searches = |base: Base| async move {
            for round in 0..40 {
                let found = base.found(&format!("Pump {} in the catalogue", round % 12)).await;
                assert!(!found.passages.is_empty());
                // What is deleted beside this may be there still, and have something in common with any question.
                for passage in found.passages.into_iter().filter(|passage| passage.article_name != "Gone") {
                    // Whole passages of one edition, in the words of their own article.
                    let first = passage.text.split_inclusive(". ").next().expect("a sentence").trim_end().to_owned();
                    assert!(first.starts_with(&format!("{} in edition", passage.article_name)), "{passage:?}");
                    assert!(passage.text.lines().all(|line| line.replace(&first, "").trim().is_empty()), "{passage:?}");
                }
            }
        };
        let deletes = async {
            for number in 0..15 {
                let article = there.add("Gone", &format!("A zeppelin numbered {number}.")).await;
                here.work().await;
                there.delete(article).await;
                for base in [&here, &there] {
                    let found = base.found("zeppelin").await;
                    assert!(found.passages.iter().all(|p| p.article_name != "Gone"), "{found:?}");
                }
            }
        };
        tokio::join!(edits, searches(here.clone()), searches(there.clone()), deletes);
        here.work().await;
        for base in [&here, &there] {
            assert!(base.states().await.iter().all(|state| *state == State::Indexed));
            for (number, article) in articles.iter().enumerate() {
                let within = [Within::Article(base.base.key, article.key)];
                let asked = Search { query: "edition", within: Some(&within), limit: 10 };
                let found = search(&base.app, base.account, &asked).await.expect("a search");
                assert!(found.passages.iter().all(|p| p.text.contains("edition 6")) && !found.passages.is_empty());
                assert!(found.passages.iter().all(|p| p.article_name == format!("Pump {number}")));
            }
        }
        assert_eq!(queue(&test.db).await, Vec::<String>::new());
    });
}

#[test]
fn a_worker_that_stops_hands_its_bases_back_and_another_goes_on() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let base = Base::new(&test, DEMO, "Support").await;
        base.add("Returns", "Goods are returned within thirty days.").await;
        embedder.behave(Behaviour::Hang);
        let stop = CancellationToken::new();
        let settings = worker::Settings { grace: Duration::ZERO, ..worker::Settings::default() };
        let worker = tokio::spawn(worker::run(Arc::clone(&test.app), settings, stop.clone()));
        let is_running = async { while queue(&test.db).await != ["embed running 1"] {} };
        tokio::time::timeout(Duration::from_secs(30), is_running).await.expect("the worker embeds");
        stop.cancel();
        worker.await.expect("it ends");
        assert_eq!(queue(&test.db).await, ["embed ready 1"]);

        embedder.behave(Behaviour::Answer);
        let (other, _) = test.another_process();
        base.seen_by(&other).work().await;
        assert_eq!((base.states().await, embedder.passages()), (vec![State::Indexed], 1));
    });
}

#[test]
fn a_base_whose_process_died_is_taken_over_and_what_the_dead_one_does_later_changes_nothing() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(embedder));
        let base = Base::new(&test, DEMO, "Support").await;
        base.add("Returns", "Goods are returned within thirty days.").await;
        let (dead, _) = test.another_process();
        let lease = test.claim_kind(&dead, JobKind::Index, 1).await[0];
        base.work().await;
        assert_eq!(base.states().await, [State::Pending]);
        test.clock.advance(LEASE + Duration::from_secs(1));
        base.work().await;
        assert_eq!((base.states().await, queue(&test.db).await), (vec![State::Indexed], Vec::new()));
        let ended = cmes_store::indexing::end(&test.db, &lease, JobKind::Index, Some(base.base.key)).await;
        assert_eq!(ended.expect("it is heard"), cmes_store::indexing::End::Done);
        assert_eq!(base.texts("returned").await.len(), 1);
    });
}

/// As if a process had died each time in the middle of this article.
async fn die_over(test: &TestApp, kind: JobKind, article: NamedArticle, times: usize) {
    let (dead, _) = test.another_process();
    for _ in 0..times {
        assert_eq!(test.claim_kind(&dead, kind, 1).await.len(), 1);
        cmes_store::chunks::begin(&test.db, article.key).await.expect("noted");
        test.clock.advance(LEASE + Duration::from_secs(1));
        jobs::promote(&test.db, 10, test.clock.now()).await.expect("back in the line");
    }
}

#[test]
fn an_article_that_ends_every_process_is_left_out() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let base = Base::new(&test, DEMO, "Support").await;
        let bad = base.add("Bad", "This one is poison.").await;
        base.add("Good", "Goods are returned within thirty days.").await;
        die_over(&test, JobKind::Index, bad, 3).await;
        base.work().await;
        assert_eq!(base.states().await, [State::Failed, State::Indexed]);
        assert_eq!(base.texts("poison").await, ["Goods are returned within thirty days."]);
        assert_eq!(queue(&test.db).await, Vec::<String>::new());
        // A change is another try.
        base.edit(bad, "This one is harmless.").await;
        base.work().await;
        assert_eq!(base.states().await, [State::Indexed, State::Indexed]);
        // Twice may be chance.
        base.edit(bad, "This one is poison again.").await;
        die_over(&test, JobKind::Index, bad, 2).await;
        base.work().await;
        assert_eq!(base.states().await, [State::Indexed, State::Indexed]);
    });
}

#[test]
fn an_article_that_ends_every_process_when_it_is_embedded_is_found_by_its_words() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let base = Base::new(&test, DEMO, "Support").await;
        let bad = base.add("Bad", "This one is poison.").await;
        base.add("Good", "Goods are returned within thirty days.").await;
        // A model that is not there is no fault of an article.
        embedder.behave(Behaviour::Fail(ModelErrorKind::Unavailable));
        for _ in 0..5 {
            base.work().await;
            test.clock.advance(Duration::from_secs(15 * 60));
        }
        embedder.behave(Behaviour::Answer);
        jobs::promote(&test.db, 10, test.clock.now()).await.expect("back in the line");
        die_over(&test, JobKind::Embed, bad, 3).await;
        base.work().await;
        assert_eq!((base.states().await, embedder.passages()), (vec![State::Indexed, State::Indexed], 1));
        assert_eq!(base.found("poison").await.passages[0].article_name, "Bad");
        assert_eq!(queue(&test.db).await, Vec::<String>::new());
    });
}

#[test]
fn a_long_job_steps_aside_for_those_that_wait() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let long = Base::new(&test, DEMO, "Long").await;
        long.add("One", "One.").await;
        let first = test.claim_kind(&test.app, JobKind::Index, 1).await[0];
        let short = Base::new(&test, DEMO, "Short").await;
        short.add("Two", "Two.").await;
        assert!(jobs::step_aside(&test.db, JobKind::Index, &first).await.expect("it is ours"));
        let order: Vec<_> = test.claim_kind(&test.app, JobKind::Index, 2).await;
        assert_eq!(order.len(), 2);
        assert!(order[0].id != first.id && order[1].id == first.id);
        assert_eq!(order[1].attempt, 1, "it has not failed");
    });
}

#[test]
fn key_terms_are_those_of_the_articles() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let base = Base::new(&test, DEMO, "Pumps").await;
        base.add("Centrifugal", "Centrifugal pumps move water. Centrifugal pumps are quiet.").await;
        base.work().await;
        let given = Identifiers { code: Some(base.base.names.code), ..Identifiers::default() };
        let content = async || bases::info(&test.db, base.account, &given).await.expect("the base").content;
        assert!(content().await.contains("centrifugal"), "{}", content().await);
        base.add("Diaphragm", "Diaphragm valves. ".repeat(9).as_str()).await;
        base.work().await;
        assert!(content().await.contains("diaphragm"), "{}", content().await);
    });
}

#[test]
fn fifty_megabytes_are_indexed() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let base = Base::new(&test, DEMO, "Library").await;
        let line = |number: usize| format!("Volume {number} says that pumps and valves are kept dry and warm. ");
        for number in 0..50 {
            let paragraph = format!("{}\n\n", line(number).repeat(12));
            let body = paragraph.repeat((1 << 20) / paragraph.len());
            base.add(&format!("Volume {number}"), &body).await;
        }
        base.add("Last", "A needle in a haystack.").await;
        base.work().await;
        assert!(base.states().await.iter().all(|state| *state == State::Indexed));
        assert_eq!(base.texts("needle").await, ["A needle in a haystack."]);
        assert!(base.found("volume 49").await.passages[0].text.contains("Volume 49"));
    });
}
