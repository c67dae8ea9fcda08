//! The embedded models, with their real weights.
//!
//! They lie in the folder that `TEST_MODELS_DIR` names, else in `~/.cache/cmes-models/models`, where `make test` has
//! them fetched (`scripts/test-models.sh`). Where one is missing its tests say that they were skipped; those of the
//! embedder fail when `TEST_MODELS_REQUIRED` is set.
#![cfg(feature = "embedded")]

mod embedded {
    mod chat;
    mod embedder;

    use std::path::PathBuf;
    use std::time::Duration;

    use tokio::time::Instant;

    /// Where the model file of this name lies; whether it may be missing where models are required.
    pub fn model(name: &str, may_be_missing: bool) -> Option<PathBuf> {
        let file = cmes_testkit::model_file(name);
        assert!(
            file.is_some() || may_be_missing || std::env::var_os("TEST_MODELS_REQUIRED").is_none(),
            "TEST_MODELS_REQUIRED is set, and there is no {name}"
        );
        file
    }

    /// Far enough away for an optimised model on a machine with other things to do.
    pub fn soon() -> Instant {
        Instant::now() + Duration::from_secs(240)
    }
}
