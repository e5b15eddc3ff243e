"""Our pictures in the runtime's swapchains, as layers."""
