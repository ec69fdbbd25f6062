//! A summary as a tree of nodes.
