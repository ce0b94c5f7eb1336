//! Asks the terminal for its width.

use std::os::raw::{c_int, c_ulong, c_ushort};

pub const DEFAULT_WIDTH: usize = 80;

#[cfg(target_os = "linux")]
const GET_WINDOW_SIZE: c_ulong = 0x5413;
#[cfg(not(target_os = "linux"))]
const GET_WINDOW_SIZE: c_ulong = 0x4008_7468;

#[repr(C)]
#[derive(Default)]
struct WindowSize {
    rows: c_ushort,
    columns: c_ushort,
    x_pixels: c_ushort,
    y_pixels: c_ushort,
}

extern "C" {
    fn ioctl(descriptor: c_int, request: c_ulong, ...) -> c_int;
}

/// The width of the terminal on any of the standard streams, output first.
pub fn width() -> usize {
    [1, 2, 0].into_iter().find_map(width_of).unwrap_or(DEFAULT_WIDTH)
}

fn width_of(descriptor: c_int) -> Option<usize> {
    let mut size = WindowSize::default();
    // SAFETY: the request fills in exactly one window size structure.
    let status = unsafe { ioctl(descriptor, GET_WINDOW_SIZE, &mut size as *mut WindowSize) };
    (status == 0 && size.columns > 0).then_some(size.columns as usize)
}
