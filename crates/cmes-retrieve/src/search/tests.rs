//! What is found, and what comes first.

use std::collections::HashSet;

use cmes_types::{Block, Document};
use proptest::prelude::*;

use super::{Hit, Query, Searched, search, search_marked};
use crate::{Index, Passage, chunks, vectors, words};

/// An index of articles of one paragraph each, with keys from 0 on; passages have a hundred times
/// their article's key, plus their place. Vectors are of two values.
fn index(texts: &[(&str, Option<[f32; 2]>)]) -> Index {
    let mut index = Index::new();
    for ((text, vector), article) in texts.iter().zip(0_i64..) {
        let document = Document { title: None, blocks: vec![Block::Paragraph((*text).to_owned())] };
        let packed: Vec<Vec<u8>> =
            chunks(&[], &document).iter().map(|chunk| words::pack(&chunk.context, &chunk.text)).collect();
        let vector = vector.map(|vector| vectors::pack(&vector));
        let passages: Vec<Passage<'_>> = packed
            .iter()
            .zip(article * 100..)
            .map(|(words, key)| Passage { key, words, vector: vector.as_deref() })
            .collect();
        index.replace(article, &passages);
    }
    index
}

fn find(index: &Index, text: &str, vector: Option<[f32; 2]>) -> Vec<Hit> {
    let vector = vector.as_ref().map(<[f32; 2]>::as_slice);
    search(&[Searched { index, only: None }], &Query { text, vector }, 10)
}

/// The article that comes first for a question in words.
fn first(texts: &[&str], question: &str) -> Option<i64> {
    let texts: Vec<(&str, Option<[f32; 2]>)> = texts.iter().map(|text| (*text, None)).collect();
    find(&index(&texts), question, None).first().map(|hit| hit.article)
}

#[test]
fn words_are_found_in_other_forms() {
    let english = ["The pumps are cleaned every week.", "The filters have been replaced by us.", "We paint the walls."];
    assert_eq!(first(&english, "replacing a filter"), Some(1));
    let german = ["Die Pumpe wird jede Woche gereinigt.", "Wir streichen die Wände.", "Der Filter ist in der Küche."];
    assert_eq!(first(&german, "Wie reinigt man Pumpen?"), Some(0));
    assert_eq!(first(&german, "WAENDE"), Some(1));
    let russian = ["Насосы чистят каждую неделю.", "Мы красим стены в белый цвет.", "Фильтр на кухне."];
    assert_eq!(first(&russian, "чем покрасить стену"), Some(1));
    let greek = ["Οι αντλίες είναι στο υπόγειο.", "Το φίλτρο είναι στην κουζίνα."];
    assert_eq!(first(&greek, "ΦΙΛΤΡΑ"), Some(1));
    let arabic =
        ["تنظف المضخات في كل يوم من هذا الأسبوع.", "استبدلنا المرشح في المطبخ.", "هذا هو ضمان الشركة للمهندسين."];
    assert_eq!(first(&arabic, "كيف أنظف بالمضخة؟"), Some(0));
    assert_eq!(first(&arabic, "وهل للمرشح بديل"), Some(1));
    assert_eq!(first(&arabic, "مُهَنْدِسُون"), Some(2));
}

#[test]
fn scripts_without_spaces_are_cut() {
    assert_eq!(first(&["水泵每周清洗一次。", "我们更换了过滤器。", "墙是白色的。"], "过滤器怎么换"), Some(1));
    assert_eq!(first(&["ポンプを洗う。", "フィルターを交換する。"], "フィルターの交換"), Some(1));
    assert_eq!(first(&["เราทำความสะอาดปั๊ม", "เราเปลี่ยนตัวกรอง"], "ตัวกรอง"), Some(1));
    assert_eq!(first(&["펌프를 청소합니다", "필터를 교체합니다"], "필터는 어디에 있나요"), Some(1));
    assert_eq!(first(&["पंप साफ करें", "फ़िल्टर बदलें"], "फ़िल्टर"), Some(1));
}

#[test]
fn codes_are_found_however_they_are_written() {
    let texts = [
        "Sensor TS-220/4 for temperature, with cable and plug and two screws.",
        "Sensor TS-220/5 for temperature and pressure.",
        "The sensor of temperature, for cables.",
        "We work by ISO 9001 and deliver 1,000 pieces.",
    ];
    for question in ["TS-220/4", "ts220/4", "what does the sensor TS 220/4 cost", "ts-220-4"] {
        assert_eq!(first(&texts, question), Some(0), "{question}");
    }
    assert_eq!(first(&texts, "iso9001"), Some(3));
    assert_eq!(first(&texts, "1.000"), Some(3));
    assert_eq!(first(&["Wir nutzen C++ hier.", "Wir nutzen C# hier.", "Wir nutzen C hier."], "C#"), Some(1));
}

/// The word "die" of a question about death is the article of every German text.
#[test]
fn words_that_only_look_alike_in_another_language_do_not_count() {
    let german = "Die Art und Weise, in der die Leute hier so gut wohnen, war am Fest ein Gift.";
    let english = "Plants need some light and water, or else they will wither.";
    assert_eq!(first(&[german, english], "why did my plants die so fast"), Some(1));
    let mixed = ["Das Büro von Siemens ist in der Stadt.", "Das Büro von Bosch ist auf dem Land."];
    assert_eq!(first(&mixed, "where is the office of Bosch"), Some(1), "names count in all languages");
}

#[test]
fn meaning_finds_what_words_do_not() {
    let index = index(&[
        ("Unused goods may be sent back.", Some([1.0, 0.0])),
        ("The hotline is open.", Some([0.0, 1.0])),
        ("The hotline is closed.", None),
    ]);
    let hits = find(&index, "money", Some([0.9, 0.1]));
    assert_eq!(hits.first().map(|hit| hit.article), Some(0));
    let hits = find(&index, "closed", Some([0.7, 0.7]));
    assert_eq!(hits.first().map(|hit| hit.article), Some(2), "a passage whose vector is not made yet");
}

#[test]
fn several_indices_are_ranked_as_one() {
    let pumps = index(&[("The pump is red.", None), ("The pump is blue.", None)]);
    let valves = index(&[("The valve is red.", None), ("The valve is green.", None)]);
    let searched = [Searched { index: &pumps, only: None }, Searched { index: &valves, only: None }];
    let hits = search(&searched, &Query { text: "red valve", vector: None }, 10);
    assert_eq!(hits.first().map(|hit| (hit.source, hit.article)), Some((1, 0)));
    assert!(hits.iter().any(|hit| hit.source == 0));
    let only = HashSet::from([1]);
    let searched = [Searched { index: &pumps, only: Some(&only) }];
    let hits = search(&searched, &Query { text: "red pump", vector: None }, 10);
    assert_eq!(hits.iter().map(|hit| hit.article).collect::<Vec<_>>(), [1]);
    let with_vectors = index(&[("The pump is red.", Some([1.0, 0.0])), ("The pump is blue.", Some([0.0, 1.0]))]);
    let searched = [Searched { index: &with_vectors, only: Some(&only) }];
    let hits = search(&searched, &Query { text: "red pump", vector: Some(&[1.0, 0.0]) }, 10);
    assert_eq!(hits.iter().map(|hit| hit.article).collect::<Vec<_>>(), [1]);
}

#[test]
fn scores_are_from_0_to_1_and_descend() {
    let index = index(&[("red pump", Some([1.0, 0.0])), ("blue pump", Some([0.0, 1.0])), ("valve", Some([0.7, 0.7]))]);
    let hits = find(&index, "red pump", Some([1.0, 0.0]));
    assert_eq!(hits.len(), 3, "nothing is too far away");
    assert!(hits.is_sorted_by(|a, b| a.score >= b.score));
    assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
    assert!(find(&Index::new(), "red pump", Some([1.0, 0.0])).is_empty());
    assert!(find(&index, "", None).is_empty());
    assert!(find(&index, "red", Some([f32::NAN, 0.0])).iter().all(|hit| hit.score.is_finite()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever is stored and asked: no panic, the same answer twice, and a passage is found by its own text.
    #[test]
    fn any_text_can_be_packed_and_asked(texts in proptest::collection::vec("\\PC{0,80}", 1..5), question in "\\PC{0,80}") {
        let parts: Vec<(&str, Option<[f32; 2]>)> = texts.iter().map(|text| (text.as_str(), None)).collect();
        let index = index(&parts);
        prop_assert_eq!(find(&index, &question, None), find(&index, &question, None));
        for (text, article) in texts.iter().zip(0_i64..) {
            let has_words = text.chars().any(|letter| letter.is_ascii_alphanumeric());
            let found = find(&index, text, None).iter().any(|hit| hit.article == article);
            prop_assert!(found || !has_words, "{}", text);
        }
    }

    /// The stemmers are made by a program, and words by anybody.
    #[test]
    fn no_word_breaks_a_stemmer(word in "[a-zà-ÿа-яёα-ω\u{620}-\u{64a}\u{5d0}-\u{5ea}\u{900}-\u{97f}'ßıİœ]{0,12}") {
        for language in words::language::Language::all() {
            let mut form = String::new();
            words::forms::stemmed(&word, Some(language), &mut form);
        }
    }
}

#[test]
fn marks_are_found_by_marks_whatever_the_words_say() {
    let mut index = Index::new();
    let texts =
        [("We pour iron.", vec!["castings"]), ("Wir gießen Eisen.", vec!["castings", "iron"]), ("castings", vec![])];
    for (key, (text, marks)) in (0_i64..).zip(&texts) {
        index.replace(key, &[Passage { key, words: &words::pack_marked("", text, marks), vector: None }]);
    }
    let found = |text, marks: &[&str]| {
        let searched = [Searched { index: &index, only: None }];
        let hits = search_marked(&searched, &Query { text, vector: None }, marks, 10);
        hits.iter().map(|hit| hit.article).collect::<Vec<_>>()
    };
    assert_eq!(found("", &["iron"]), [1]);
    assert_eq!(found("", &["castings", "iron"]), [1, 0]);
    assert_eq!(found("castings", &[]), [2]);
}
