-- Neovim 0.7 or later: put this into init.lua, or load it with  nvim -S neovim.lua
-- Completion is on CTRL-X CTRL-O; Neovim 0.11 maps grn (rename), gra (correct), grr (uses), K (hover).
local kinds = { "*.branch.yaml", "*.testplan", "*.show.yaml", "*.stage.yaml", "*.move.yaml", "*.lens.yaml" }

local function start(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  local settings = {
    name = "xrdrama",
    cmd = { "xrdrama", "lsp" },
    root_dir = vim.fn.fnamemodify(file, ":h"),
  }
  if vim.lsp.start then -- 0.8 or later: files of one folder share a server
    vim.lsp.start(settings, { bufnr = buffer })
    return
  end
  xrdrama_client = xrdrama_client or vim.lsp.start_client(settings)
  vim.lsp.buf_attach_client(buffer, xrdrama_client)
  vim.api.nvim_buf_set_option(buffer, "omnifunc", "v:lua.vim.lsp.omnifunc")
end

vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, {
  pattern = kinds,
  callback = function(event) start(event.buf) end,
})
