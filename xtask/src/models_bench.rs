//! `cargo xtask models-bench`: how fast the embedded models are.
//!
//! Time is the processor's, so that the figures are per core and hold on a machine that has other things to do; the
//! wall clock stands beside it where conversations run at once. The kernels are optimised in every build, what is
//! around them in a release build alone.

#![expect(clippy::print_stdout, reason = "printing is what the command is for")]

use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use cmes_models::embedded::{ChatSettings, EmbeddedChat, EmbeddedEmbedder, EmbedderSettings};
use cmes_models::{ChatAnswer, ChatEvent, ChatModel, ChatRequest, Embedder, Kind, Message};
use futures_util::StreamExt;
use futures_util::future::join_all;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;
use rustix::time::{ClockId, clock_gettime};

use crate::echo::Busy;

/// Measure the embedded models: passages and tokens per second and core.
#[derive(Debug, Args)]
pub struct ModelsBenchArgs {
    /// The file of multilingual-e5-small.
    #[arg(long)]
    embeddings: Option<PathBuf>,
    /// The GGUF file of a chat model.
    #[arg(long)]
    chat: Option<PathBuf>,
    /// The same GGUF file read and continued by llama.cpp alone, as its own llama-bench does it.
    #[arg(long, conflicts_with_all = ["chat", "embeddings"])]
    bare: Option<PathBuf>,
    /// Instead: how fast the server answers while these models work.
    #[arg(long, conflicts_with = "bare")]
    echo: bool,
    /// Threads of each.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Passages to embed.
    #[arg(long, default_value_t = 300)]
    passages: usize,
}

pub async fn run(args: &ModelsBenchArgs) -> io::Result<()> {
    if args.echo {
        let embedder = args.embeddings.as_deref().map(|file| Arc::new(embedder(file, args)) as Arc<dyn Embedder>);
        let chat = args.chat.as_deref().map(|file| Arc::new(chat_model(file, args)) as Arc<dyn ChatModel>);
        return crate::echo::run(Busy { embedder, chat }).await;
    }
    if let Some(file) = &args.embeddings {
        embeddings(file, args).await?;
    }
    if let Some(file) = &args.chat {
        chat(file, args).await?;
    }
    if let Some(file) = &args.bare {
        bare(file, args).map_err(io::Error::other)?;
    }
    Ok(())
}

/// Words that make about 128 tokens with the prefix and what stands around a text.
pub(crate) fn passage(number: usize) -> String {
    const SENTENCE: &str = "the company builds pumps and valves for water works in northern europe and employs four hundred people at three sites ";
    let mut words: Vec<_> = SENTENCE.split_whitespace().cycle().take(95).collect();
    // No two are alike.
    words.rotate_left(number % 95);
    words.join(" ")
}

fn embedder(file: &Path, args: &ModelsBenchArgs) -> EmbeddedEmbedder {
    EmbeddedEmbedder::new(EmbedderSettings { threads: args.threads, ..EmbedderSettings::new(file.to_owned()) })
}

fn chat_model(file: &Path, args: &ModelsBenchArgs) -> EmbeddedChat {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    EmbeddedChat::new(ChatSettings { threads: args.threads, ..ChatSettings::new(name, file.to_owned()) })
}

async fn embeddings(file: &Path, args: &ModelsBenchArgs) -> io::Result<()> {
    let embedder = embedder(file, args);
    let embed = async |kind, texts: Vec<String>| embedder.embed(kind, texts, later()).await.map_err(io::Error::other);
    let first = Watch::start();
    embed(Kind::Query, vec!["pumps".to_owned()]).await?;
    println!("embeddings: first question, with loading: {:.0} ms CPU", first.cpu() * 1000.0);

    let watch = Watch::start();
    let embedded = embed(Kind::Passage, (0..args.passages).map(passage).collect()).await?;
    println!(
        "embeddings: {:.1} passages/s/core of {} tokens",
        args.passages as f64 / watch.cpu(),
        embedded.tokens as usize / args.passages.max(1)
    );

    let questions: usize = 50;
    let watch = Watch::start();
    let mut tokens = 0;
    for number in 0..questions {
        tokens += embed(Kind::Query, vec![format!("who sells water pumps in Hamburg? {number}")]).await?.tokens;
    }
    let milliseconds = watch.cpu() * 1000.0 / questions as f64;
    println!("embeddings: {milliseconds:.1} ms CPU for a question of {} tokens", tokens as usize / questions);
    println!("embeddings: {}", memory()?);
    Ok(())
}

async fn chat(file: &Path, args: &ModelsBenchArgs) -> io::Result<()> {
    let chat = chat_model(file, args);
    let ask = async |request| chat.chat(request, later()).await.map_err(io::Error::other);
    ask(question("Say yes.", 1)).await?;

    let watch = Watch::start();
    let read = ask(question(&(0..4).map(passage).collect::<String>(), 1)).await?;
    let tokens = read.tokens.prompt - read.tokens.cached;
    println!("chat: prompt of {tokens} tokens: {:.1} tokens/s/core", f64::from(tokens) / watch.cpu());

    let mut stream = chat.stream(question(&counting(1), 128), later());
    let mut watch = None;
    while let Some(event) = stream.next().await {
        // The first word ends the reading of the prompt.
        let watch = watch.get_or_insert_with(Watch::start);
        match event.map_err(io::Error::other)? {
            ChatEvent::Delta(_) => {}
            ChatEvent::Done(answer) => {
                let written = answer.tokens.completion;
                println!("chat: {written} tokens written: {:.1} tokens/s/core", f64::from(written - 1) / watch.cpu());
            }
        }
    }

    let starts = [100, 200, 300, 400];
    let request = |start: i32| question(&counting(start), 48);
    let watch = Watch::start();
    for start in starts {
        ask(request(start)).await?;
    }
    let (alone_cpu, alone_wall) = (watch.cpu(), watch.wall());
    let watch = Watch::start();
    let together: io::Result<Vec<ChatAnswer>> =
        join_all(starts.map(|start| ask(request(start + 1)))).await.into_iter().collect();
    let tokens: u32 = together?.iter().map(|answer| answer.tokens.completion).sum();
    println!(
        "chat: four answers one after the other: {alone_cpu:.1} s CPU, {alone_wall:.1} s; at once: {:.1} s CPU, {:.1} s, \
         {:.1} tokens/s/core together",
        watch.cpu(),
        watch.wall(),
        f64::from(tokens) / watch.cpu()
    );
    println!("chat: {}", memory()?);
    Ok(())
}

/// What llama-bench calls pp512 and tg128: 512 tokens at once, then 128 one by one, chosen by nobody.
fn bare(file: &Path, args: &ModelsBenchArgs) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    const READ: i32 = 512;
    const WRITTEN: i32 = 128;
    let mut backend = LlamaBackend::init()?;
    backend.void_logs();
    let model = LlamaModel::load_from_file(&backend, file, &LlamaModelParams::default())?;
    let threads = args.threads.try_into()?;
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZero::new(1024))
        .with_n_batch(READ as u32)
        .with_n_ubatch(READ as u32)
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    let mut context = model.new_context(&backend, params)?;
    let mut batch = LlamaBatch::new(READ as usize, 1);
    let token = |number: i32| LlamaToken::new(1000 + number * 37 % 10_000);
    for round in 0..2 {
        batch.clear();
        for position in 0..READ {
            batch.add(token(position), position, &[0], position == READ - 1)?;
        }
        let watch = Watch::start();
        context.decode(&mut batch)?;
        // The first round reads the weights from the disk.
        if round > 0 {
            println!("bare: prompt of {READ} tokens: {:.1} tokens/s/core", f64::from(READ) / watch.cpu());
        }
        context.clear_kv_cache();
    }
    let watch = Watch::start();
    for position in 0..WRITTEN {
        batch.clear();
        batch.add(token(position), position, &[0], true)?;
        context.decode(&mut batch)?;
    }
    println!("bare: {WRITTEN} tokens written: {:.1} tokens/s/core", f64::from(WRITTEN) / watch.cpu());
    Ok(())
}

/// A task whose answer has no early end.
pub(crate) fn counting(start: i32) -> String {
    format!("Count from {start} to {}. Write every number, separated by commas, and nothing else.", start + 500)
}

pub(crate) fn question(text: &str, max_tokens: u32) -> ChatRequest {
    ChatRequest::new(vec![Message::system("You are a helpful assistant."), Message::user(text)], max_tokens)
}

pub(crate) fn later() -> tokio::time::Instant {
    tokio::time::Instant::now() + Duration::from_secs(3_600)
}

struct Watch {
    cpu: Duration,
    wall: Instant,
}

impl Watch {
    fn start() -> Watch {
        Watch { cpu: process_time(), wall: Instant::now() }
    }

    fn cpu(&self) -> f64 {
        (process_time() - self.cpu).as_secs_f64()
    }

    fn wall(&self) -> f64 {
        self.wall.elapsed().as_secs_f64()
    }
}

fn process_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// What the process holds: all of it, and what is not a file's.
fn memory() -> io::Result<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let lines = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("RssAnon"));
    Ok(lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", "))
}
