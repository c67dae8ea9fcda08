//! What both kinds of models need of llama.cpp.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;

use crate::error::{ModelError, ModelErrorKind};

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The kernels were built for processors that can do more.
    #[error("this processor has no {0}, which the embedded models need; use a model server instead")]
    Processor(&'static str),
    /// The library did not start.
    #[error("llama.cpp did not start: {0}")]
    Start(String),
    /// Its file is not there.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// Its file is not what it should be.
    #[error("{} cannot be read as a model", path.display())]
    Load {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Too little memory, most likely.
    #[error("no memory for the model to work with")]
    Context(#[source] llama_cpp_2::LlamaContextLoadError),
    /// It failed while it worked.
    #[error("the model failed while it worked: {0}")]
    Compute(String),
}

impl EngineError {
    /// As a failure of the model of this name.
    pub fn of(self, model: &str) -> ModelError {
        let kind = match self {
            EngineError::Missing(_) => ModelErrorKind::NoSuchModel,
            _ => ModelErrorKind::Unavailable,
        };
        ModelError::new(kind, model).because(self)
    }
}

/// The library, started once for the process: it allows no more.
///
/// # Errors
/// When this processor cannot run it.
pub fn backend() -> Result<&'static LlamaBackend, EngineError> {
    static BACKEND: OnceLock<Result<LlamaBackend, String>> = OnceLock::new();
    check_processor()?;
    let start = || {
        let mut backend = LlamaBackend::init().map_err(|error| error.to_string())?;
        // It writes hundreds of lines about every model to the terminal.
        backend.void_logs();
        Ok(backend)
    };
    BACKEND.get_or_init(start).as_ref().map_err(|reason| EngineError::Start(reason.clone()))
}

/// Whether the kernels were built for AVX-512, which makes them twice as fast and useless elsewhere: llama.cpp is told by
/// this variable of the build.
#[cfg(target_arch = "x86_64")]
const BUILT_WITH_AVX512: Option<&str> = option_env!("GGML_AVX512");

/// Whether the kernels can run here at all; without the check they would end the program.
///
/// # Errors
/// What is lacking.
pub fn check_processor() -> Result<(), EngineError> {
    #[cfg(target_arch = "x86_64")]
    {
        let needed = [
            ("AVX2", is_x86_feature_detected!("avx2")),
            ("FMA", is_x86_feature_detected!("fma")),
            ("F16C", is_x86_feature_detected!("f16c")),
            ("BMI2", is_x86_feature_detected!("bmi2")),
            ("AVX-512", BUILT_WITH_AVX512 != Some("ON") || has_avx512()),
        ];
        if let Some((lacking, _)) = needed.into_iter().find(|(_, there)| !there) {
            return Err(EngineError::Processor(lacking));
        }
    }
    Ok(())
}

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vbmi")
        && is_x86_feature_detected!("avx512vnni")
}

/// Loads a GGUF file.
///
/// # Errors
/// When it is not there, or is none.
pub fn load(path: &Path) -> Result<LlamaModel, EngineError> {
    if !path.is_file() {
        return Err(EngineError::Missing(path.to_owned()));
    }
    let failed = |error| EngineError::Load { path: path.to_owned(), source: Box::new(error) };
    LlamaModel::load_from_file(backend()?, path, &LlamaModelParams::default()).map_err(failed)
}

/// Gives the calling thread a lower priority, so that it computes with what the server leaves over.
pub fn step_back(steps: i32) {
    // Refused only where a sandbox forbids the call; the thread then works like every other.
    if let Err(error) = rustix::process::setpriority_process(None, steps) {
        tracing::debug!(%error, "a thread of an embedded model keeps its priority");
    }
}

/// One core less than there are, and at least one.
#[must_use]
pub fn spare_cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).saturating_sub(1).max(1)
}
