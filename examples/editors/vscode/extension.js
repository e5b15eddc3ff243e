// Starts `xrdrama lsp` for the files of stories.
const { workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const KINDS = ["branch.yaml", "testplan", "show.yaml", "stage.yaml", "move.yaml", "lens.yaml"];
let client;

function activate() {
  const command = workspace.getConfiguration("xrdrama").get("command", "xrdrama");
  const server = { command, args: ["lsp"], transport: TransportKind.stdio };
  client = new LanguageClient("xrdrama", "xrdrama", server, {
    documentSelector: KINDS.map((kind) => ({ scheme: "file", pattern: `**/*.${kind}` })),
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.{yaml,csv,po,testplan}") },
  });
  return client.start();
}

function deactivate() {
  return client && client.stop();
}

module.exports = { activate, deactivate };
