//! The sets of articles and questions, as their README describes them.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use serde::Deserialize;

/// Articles, and questions of which is known where the answer is.
pub struct Set {
    /// Its folder's name.
    pub name: String,
    pub articles: Vec<Article>,
    pub questions: Vec<Question>,
}

#[derive(Deserialize)]
pub struct Article {
    pub id: String,
    #[serde(default)]
    pub title: String,
    pub text: String,
}

#[derive(Deserialize)]
pub struct Question {
    pub text: String,
    /// The articles that answer it.
    pub rel: Vec<String>,
}

/// Reads a set; none when its folder is not there.
pub fn read(folder: &Path, name: &str) -> io::Result<Option<Set>> {
    let folder = folder.join(name);
    if !folder.is_dir() {
        return Ok(None);
    }
    let articles = lines(&folder.join("corpus.jsonl"))?;
    let questions = lines(&folder.join("queries.jsonl"))?;
    Ok(Some(Set { name: name.to_owned(), articles, questions }))
}

/// A base in six languages: each paragraph of XQuAD in one of them, with English questions. None when a set is not there.
pub fn mixed(folder: &Path) -> io::Result<Option<Set>> {
    let Some(mut english) = read(folder, "xquad_en")? else { return Ok(None) };
    let others = ["xquad_de", "xquad_ru", "xquad_zh", "xquad_ar", "xquad_es"];
    let others: Option<Vec<Set>> = others.iter().map(|name| read(folder, name)).collect::<io::Result<_>>()?;
    let Some(others) = others else { return Ok(None) };
    for article in &mut english.articles {
        // Paragraphs of one text, which have the number before the point in common, are in one language.
        let text: usize = article.id.split('.').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        let set = (text % (others.len() + 1)).checked_sub(1).and_then(|place| others.get(place));
        let same = set.and_then(|set| set.articles.iter().find(|other| other.id == article.id));
        if let Some(same) = same {
            article.text.clone_from(&same.text);
        }
    }
    Ok(Some(Set { name: "xquad_mixed".to_owned(), ..english }))
}

fn lines<T: for<'a> Deserialize<'a>>(file: &Path) -> io::Result<Vec<T>> {
    let text = std::fs::read_to_string(file)?;
    text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::other)).collect()
}

/// How well rankings are, on average over questions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quality {
    recall: f64,
    gain: f64,
    questions: usize,
}

impl Quality {
    /// Counts in the ranking of a question: article ids, best first.
    pub fn add(&mut self, ranking: &[&str], question: &Question) {
        let places: HashMap<&str, usize> = ranking.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let places: Vec<usize> = question.rel.iter().filter_map(|id| places.get(id.as_str()).copied()).collect();
        let gain = |place: usize| 1.0 / ((place + 2) as f64).log2();
        let best: f64 = (0..question.rel.len().min(10)).map(gain).sum();
        self.recall += places.iter().filter(|place| **place < 5).count() as f64 / question.rel.len().max(1) as f64;
        self.gain += places.iter().filter(|place| **place < 10).map(|place| gain(*place)).sum::<f64>() / best;
        self.questions += 1;
    }

    /// How many questions were counted.
    pub fn questions(&self) -> usize {
        self.questions
    }

    /// Whether it is behind another by more than one question in a thousand, in either figure.
    pub fn is_worse_than(&self, other: &Self) -> bool {
        self.recall_at_5() < other.recall_at_5() - 0.1 || self.ndcg_at_10() < other.ndcg_at_10() - 0.1
    }

    /// Share of the right articles that are among the first five, in percent.
    pub fn recall_at_5(&self) -> f64 {
        100.0 * self.recall / self.questions.max(1) as f64
    }

    /// Normalised discounted cumulative gain of the first ten, in percent.
    pub fn ndcg_at_10(&self) -> f64 {
        100.0 * self.gain / self.questions.max(1) as f64
    }
}
