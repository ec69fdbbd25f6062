//! The heap of the modules for browsers: blocks of 2^n bytes, one list of free ones per n.
//!
//! Written for its own size, because every visitor loads it: 0.2 kB brotli less than the smallest crate that
//! frees. Nothing is searched, and text that grows moves only when it doubles. Never returns memory to the
//! page, and never joins blocks: what a page holds is bounded, so at most twice its peak per size is kept.
#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::Cell;

const PAGE: usize = 1 << 16;

#[global_allocator]
static BLOCKS: Blocks = Blocks { free: [const { Cell::new(core::ptr::null_mut()) }; 32], end: Cell::new(0) };

/// A block is no smaller than 8 bytes, the largest alignment anything has here.
struct Blocks {
    /// By n: a free block, whose first word is the next.
    free: [Cell<*mut u8>; 32],
    /// Where nothing has been handed out yet; 0 before the first block.
    end: Cell<usize>,
}

// SAFETY: one thread, without the atomics feature. A build with atomics must not compile this.
#[cfg(not(target_feature = "atomics"))]
unsafe impl Sync for Blocks {}

unsafe extern "C" {
    /// The linker's: the first byte behind the stack and the statics.
    static __heap_base: u8;
}

impl Blocks {
    /// The list for blocks of `size` bytes, and how many those have.
    fn list(&self, size: usize) -> (&Cell<*mut u8>, usize) {
        let n = usize::BITS - (size.max(8) - 1).leading_zeros();
        // SAFETY: a layout has less than 2^31 bytes, so n is 31 at most.
        (unsafe { self.free.get_unchecked(n as usize) }, 1 << n)
    }
}

// SAFETY: a block is handed out from one place only, the end or its list, and is as large and aligned as asked.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > 8 {
            return core::ptr::null_mut();
        }
        let (list, size) = self.list(layout.size());
        let block = list.get();
        if !block.is_null() {
            // SAFETY: a block in a list is free, and its first word was written by `dealloc`.
            list.set(unsafe { block.cast::<*mut u8>().read() });
            return block;
        }
        let start = match self.end.get() {
            0 => (&raw const __heap_base).addr().next_multiple_of(8),
            end => end,
        };
        let end = start + size;
        let missing = end.div_ceil(PAGE).saturating_sub(memory_size::<0>());
        if missing > 0 && memory_grow::<0>(missing) == usize::MAX {
            return core::ptr::null_mut();
        }
        self.end.set(end);
        core::ptr::with_exposed_provenance_mut(start)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let (list, _) = self.list(layout.size());
        // SAFETY: the caller gives up the block, which has room for a word.
        unsafe { block.cast::<*mut u8>().write(list.get()) };
        list.set(block);
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if self.list(layout.size()).1 == self.list(size).1 {
            return block;
        }
        // SAFETY: the caller's promises are those of `realloc`: the old block is one of ours, and as large.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
