//! For tests: what a thread has done, which does not depend on what else the machine does.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Time that this thread has had a processor since then.
pub(crate) struct Effort(Duration);

impl Effort {
    pub(crate) fn start() -> Effort {
        Effort(thread_time())
    }

    pub(crate) fn spent(&self) -> Duration {
        thread_time().saturating_sub(self.0)
    }
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
