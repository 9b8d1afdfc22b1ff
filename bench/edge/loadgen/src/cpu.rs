//! Processor time of another process. Linux only.

use std::fs;

/// Microseconds that the threads of `pid` have spent on a processor so far.
///
/// The scheduler's own account, in nanoseconds: the user and system times of `/proc/PID/stat` tick every 10 ms, which
/// is too coarse for short rounds. A thread that has ended is not counted; the servers under test keep theirs.
pub fn used_us(pid: u32) -> Result<u64, String> {
    let failed = |error: std::io::Error| format!("process {pid}: {error}");
    let mut nanoseconds = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task")).map_err(failed)? {
        let path = task.map_err(failed)?.path().join("schedstat");
        // Gone since the list was read: its time is lost, the measurement is not.
        let Ok(text) = fs::read_to_string(path) else { continue };
        let on_processor = text.split(' ').next().and_then(|field| field.parse::<u64>().ok());
        nanoseconds += on_processor.ok_or("unreadable /proc/PID/task/TID/schedstat")?;
    }
    Ok(nanoseconds / 1000)
}
