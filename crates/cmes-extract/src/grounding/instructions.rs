//! Words in pages and letters that are meant for a machine: "ignore your
//! instructions", "reply only with", the marks of chat templates.
//!
//! Nobody writes so to customers. Such a sentence is neither shown to a model
//! nor does it support what one writes.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::fold::fold;

/// What gives a machine away as the reader, folded; each alone is enough.
const PLAIN: &[&str] = &[
    "<|im_start|>",
    "<|im_end|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|endoftext|>",
    "[inst]",
    "[/inst]",
    "<<sys>>",
    "<start_of_turn>",
    "### instruction",
    "### system",
    "### response",
    "</material>",
    "<material>",
    "system prompt",
    "system-prompt",
    "systemprompt",
    "system message",
    "developer message",
    "prompt injection",
    "language model",
    "sprachmodell",
    "modele de langage",
    "modelo de lenguaje",
    "modelo de linguagem",
    "modello linguistico",
    "taalmodel",
    "model jezykowy",
    "языковая модель",
    "языковой модели",
    "языковую модель",
    "语言模型",
    "語言模型",
    "言語モデル",
    "언어 모델",
    "نموذج لغو",
    "מודל שפה",
    "you are now",
    "you are an ai",
    "you are chatgpt",
    "as an ai ",
    "dear ai",
    "hey ai",
    "note to ai",
    "attention ai",
    "ai assistant",
    "ai assistants",
    "ai agents reading",
    "llm",
    "chatgpt",
    "gpt-4",
    "jailbreak",
    "do anything now",
    "ki-assistent",
    "assistant ia",
    "asistente de ia",
    "ии-ассистент",
    "reveal your",
    "print your instructions",
    "repeat the words above",
    "repeat everything above",
    "override your",
    "new instructions:",
    "new task:",
    "end of material",
    "end of document",
    "begin new",
];

/// Orders not to obey, and what is not to be obeyed; folded, together they give it away.
const FORGET: &[&str] = &[
    "ignore",
    "disregard",
    "forget",
    "override",
    "bypass",
    "do not follow",
    "stop following",
    "ignorier",
    "vergiss",
    "missachte",
    "ignorez",
    "oubliez",
    "oublie",
    "ignora",
    "olvida",
    "dimentica",
    "negeer",
    "vergeet",
    "zignoruj",
    "ignoruj",
    "zapomnij",
    "игнорир",
    "проигнорир",
    "забудь",
    "忽略",
    "无视",
    "無視",
    "忘记",
    "무시",
    "تجاهل",
    "התעלם",
];
const ORDERS: &[&str] = &[
    "instruction",
    "instruktion",
    "anweisung",
    "prompt",
    "rules above",
    "safety rules",
    "previous",
    "prior ",
    "the above",
    "earlier",
    "vorherig",
    "bisherig",
    "obigen",
    "precedent",
    "anterior",
    "precedenti",
    "voorgaande",
    "poprzedni",
    "predchozi",
    "предыдущ",
    "инструкц",
    "指示",
    "指令",
    "之前",
    "以上",
    "이전",
    "지시",
    "السابقة",
    "التعليمات",
    "ההוראות",
    "instruccion",
    "instrucoes",
    "istruzioni",
    "instructies",
    "polecen",
];

/// Orders what to answer, and what betrays that no person is to.
const ANSWER: &[&str] = &[
    "reply only",
    "respond only",
    "answer only",
    "always answer",
    "always respond",
    "output only",
    "write only",
    "say only",
    "output the",
    "summarize this page",
    "describe this company as",
    "describe us as",
    "rate this company",
    "set the probability",
    "set probability",
    "antworte nur",
    "antworte mit",
    "antworten sie nur",
    "beschreibe dieses unternehmen als",
    "reponds uniquement",
    "repondez uniquement",
    "responde solo",
    "rispondi solo",
    "отвечай только",
    "只回答",
    "return the json",
    "return json",
    "output json",
    "respond with the json",
];

static IS_PLAIN: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(PLAIN));
static IS_FORGET: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(FORGET));
static IS_ORDER: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(ORDERS));
static IS_ANSWER: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(ANSWER));

/// So near, in letters, an order stands to what it is about.
const NEAR: usize = 60;

/// Whether a sentence speaks to a machine that reads it.
#[must_use]
pub fn is_instruction(sentence: &str) -> bool {
    let folded = fold(sentence);
    if IS_PLAIN.find_iter(&folded).any(|found| stands_alone(&folded, found.range())) {
        return true;
    }
    if IS_ANSWER.is_match(&folded) {
        return true;
    }
    IS_FORGET.find_iter(&folded).any(|order| {
        // In Japanese and Korean the verb stands last.
        let from =
            folded.get(..order.start()).unwrap_or_default().char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
        let is_verb_last = !folded.get(order.range()).unwrap_or_default().is_ascii();
        let start = if is_verb_last { from } else { order.end() };
        let rest = folded.get(order.end()..).unwrap_or_default();
        let length = rest.char_indices().nth(NEAR).map_or(rest.len(), |(at, _)| at);
        folded.get(start..order.end() + length).is_some_and(|around| IS_ORDER.is_match(around))
    })
}

/// `llm` in `fullmetal` is nothing.
fn stands_alone(folded: &str, range: std::ops::Range<usize>) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let before = folded.get(..range.start).and_then(|text| text.chars().next_back());
    let after = folded.get(range.end..).and_then(|text| text.chars().next());
    let word = folded.get(range).unwrap_or_default();
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !(edge(word.chars().next()) && is_letter(before)
        || edge(word.chars().next_back()) && word.len() < 5 && is_letter(after))
}
