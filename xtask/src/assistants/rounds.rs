//! What is measured.

use std::fmt;
use std::fs;
use std::time::Duration;

use super::setting::{Moment, Setting};
use crate::knowledge::Outcome;

/// Questions that are asked before a round, so that indices and pools of connections are there.
const WARM: usize = 3;

/// Times with what they took of the processors.
pub struct Times {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (wall, cpu) = (&self.wall, &self.cpu);
        write!(f, "{:.2} | {:.2} | {:.2} | {:.2}", at(wall, 50), at(wall, 99), at(cpu, 50), at(cpu, 99))
    }
}

/// A percentile in milliseconds.
fn at(times: &[Duration], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    let last = times.len().saturating_sub(1);
    times.get((last * percent).div_ceil(100)).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

/// From the client's request until the model is asked: so many questions in dialogues of so many messages. Short
/// dialogues are asked once each, for they would not stay short.
pub async fn before(setting: &Setting, base: i64, messages: usize, short: usize, questions: usize) -> Outcome<Times> {
    let mut dialogue = setting.dialogue(base, messages).await?;
    for _ in 0..WARM {
        setting.ask(dialogue).await?;
    }
    let mut times = Times { wall: Vec::new(), cpu: Vec::new() };
    for _ in 0..questions {
        if messages <= short {
            dialogue = setting.dialogue(base, messages).await?;
        }
        let begun = Moment::now();
        setting.ask(dialogue).await?;
        let asked = setting.asked()?;
        times.wall.push(asked.wall.duration_since(begun.wall));
        times.cpu.push(asked.cpu.saturating_sub(begun.cpu));
    }
    Ok(times)
}

/// From the model's first token until the first event is at the client. The script says all at once, so this is what the
/// server adds; a real model's first sentence has to be complete before it may be sent.
pub async fn first_byte(setting: &Setting, base: i64, questions: usize) -> Outcome<String> {
    let dialogue = setting.dialogue(base, 10).await?;
    let mut times = Vec::new();
    for _ in 0..questions {
        let mut answer = setting.send(dialogue, &setting.question(), true).await?;
        let mut first = None;
        let mut text = String::new();
        while let Some(chunk) = answer.chunk().await? {
            first = first.or_else(|| Some(Moment::now()));
            text.push_str(&String::from_utf8_lossy(&chunk));
        }
        if !text.starts_with("event: delta") {
            return Err(format!("the stream does not begin with a text: {text}").into());
        }
        times.push(first.ok_or("nothing was streamed")?.wall.duration_since(setting.asked()?.wall));
    }
    Ok(format!("{:.2} | {:.2}", at(&times, 50), at(&times, 99)))
}

/// So many dialogues at once, each of which asks so many questions one after the other.
#[expect(clippy::cast_precision_loss, reason = "counts of thousands")]
pub async fn at_once(setting: &Setting, base: i64, channels: usize, each: usize) -> Outcome<String> {
    let mut dialogues = Vec::new();
    for _ in 0..channels {
        dialogues.push(setting.dialogue(base, 1).await?);
    }
    forget_peak();
    let before = memory("VmRSS");
    let begun = Moment::now();
    let asked = dialogues.iter().map(|dialogue| async {
        let mut times = Vec::new();
        for _ in 0..each {
            let begun = Moment::now();
            // What an overloaded server refuses with 503 is counted; any other answer but the model's is an error.
            times.push(if setting.is_answered(*dialogue).await? { Some(begun.wall.elapsed()) } else { None });
        }
        Outcome::Ok(times)
    });
    let times: Vec<Option<Duration>> = futures_util::future::try_join_all(asked).await?.into_iter().flatten().collect();
    let refused = times.iter().filter(|time| time.is_none()).count();
    let times: Vec<Duration> = times.into_iter().flatten().collect();
    let (wall, used) = (begun.wall.elapsed().as_secs_f64(), (Moment::now().cpu - begun.cpu).as_secs_f64());
    let count = times.len() as f64;
    let peak = memory("VmHWM");
    Ok(format!(
        "{:.0} | {:.1} | {:.1} | {:.2} | {before} | {peak} | {refused}",
        count / wall,
        at(&times, 50),
        at(&times, 99),
        used / count * 1e3
    ))
}

/// From here on the most memory is counted anew (Linux alone).
fn forget_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// A figure of this process's memory in MB; absent where the system does not tell.
fn memory(name: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map_or_else(|| "absent".to_owned(), |kilobytes| format!("{:.0}", kilobytes / 1024.0))
}
