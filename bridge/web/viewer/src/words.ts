/**
 * The page's own words, in every language it has. A show's texts are the author's and are not here.
 * A new word goes into `EN` and `ZH`; the compiler and a test refuse a key that one of them lacks.
 * `{0}`, `{1}` are replaced by values.
 */
const EN = {
  set: "The set",
  tools: "Tools",
  captions: "Captions",
  choice: "Choice",
  options: "Options",
  sound: "Turn on sound",
  soundOn: "Sound is on",
  noSound: "This browser does not play sound here.",
  soundLost: "The sound {0} cannot be loaded.",
  motion: "Look by moving",
  motionOn: "Moving is on",
  motionRefused: "The browser refused the phone's orientation. Drag to look around; to allow it, reload the page and press again.",
  noMotion: "This device has no orientation. Drag to look around.",
  view: "View",
  viewNow: "View: {0}",
  enterVr: "Enter VR",
  leaveVr: "Leave VR",
  enterAr: "Enter AR",
  leaveAr: "Leave AR",
  markers: "Look for markers",
  settings: "Settings",
  close: "Close",
  watchHere: "Watch here",

  connecting: "Connecting",
  silent: "The show is not answering. Please wait.",
  away: "No connection. Your pick is kept and sent when it returns.",
  awayStart: "No connection. The show appears when it returns.",
  uninvited: "This browser has not joined. Scan the QR code of the show again.",
  replaced: "This show is open on another page of yours.",
  garbled: "The server sent something that this page cannot read, so the page connects again.",
  full: "There are too many viewers now.",
  panic: "The show is stopped for safety. Please wait.",
  held: "The show is paused.",
  own: "Your own branch",
  ending: "The end: {0}",

  soon: "Picking begins in a moment.",
  closed: "This choice has closed: your pick was not counted.",
  unsure: "The choice closed while there was no connection. Whether your pick was counted is not known.",
  expired: "No connection for too long: nothing was sent.",
  waits: "No connection: your pick is sent when it returns, if the choice is still open.",
  choose: "Choose.",
  secondsLeft: "{0} seconds left",
  seconds: "{0} seconds.",
  picked: "Picked: {0}",
  voted: "Voted: {0}",
  oneVote: "{0} of {1} vote",
  votes: "{0} of {1} votes",
  sayIt: "say “{0}”",
  showIt: "show {0}",
  or: " or ",

  noWebgl: "This browser cannot draw the set (WebGL 2 is missing). Captions and options work without it.",
  graphicsLost: "The graphics driver stopped. The picture returns when the browser restarts it.",
  loading: "Loading the set",
  late: "A part of this page did not load. It is tried again. Captions and options work meanwhile.",
  loadingSlow: "Loading the set: {0} of {1}. Captions and options work meanwhile.",
  noSet: "The set cannot be drawn here: {0}. Captions and options work without it.",
  notDrawn: "Not drawn here: {0}.",

  noXr: "This browser has no WebXR. Headsets' own browsers and Chrome on Android have it.",
  xrNeedsHttps: "WebXR needs HTTPS: open the address that begins with https.",
  vr: "virtual reality",
  ar: "augmented reality",
  noSession: "This device offers no {0}.",
  refusesSession: "This browser refuses {0}: {1}",
  refusedSession: "The browser refused {0}: {1}",
  keepsNothing: "This browser keeps nothing for use without a network (it needs HTTPS).",
  cannotKeep: "Nothing is kept for use without a network: {0}",

  captionsIn: "Captions in",
  myLanguage: "My browser's language",
  below: "And below it in",
  noSecond: "No second language",
  captionSize: "Size of captions",
  small: "Small",
  medium: "Medium",
  large: "Large",
  soundCaptions: "Captions for sounds",
  on: "On",
  off: "Off",
  volume: "Volume",
  full100: "Full",
  half: "Half",
  quiet: "Quiet",
  mute: "Silent",
  contrast: "High contrast",
  moving: "Motion",
  asSystem: "As the system says",
  reduced: "Reduced",
  fullMotion: "Full",
  buttonsFor: "Buttons for",
  bothHands: "Both hands",
  leftHand: "The left hand",
  rightHand: "The right hand",
  switchAccess: "Switch access",
  switchNote: "Space or Enter picks the highlighted option",
  each1: "1 second each",
  each2: "2 seconds each",
  each4: "4 seconds each",
  gaze: "Picking by gaze in a headset",
  keys: "Keys",
  keysText: "1 to 9 pick an option. Arrows or dragging look around, W A S D move, + and - zoom, Home looks ahead, V changes the view, M is sound.",
};

export type Word = keyof typeof EN;

const ZH: Record<Word, string> = {
  set: "布景",
  tools: "工具",
  captions: "字幕",
  choice: "选择",
  options: "选项",
  sound: "打开声音",
  soundOn: "声音已打开",
  noSound: "此浏览器无法在这里播放声音。",
  soundLost: "无法加载声音 {0}。",
  motion: "移动手机环顾",
  motionOn: "正在随手机环顾",
  motionRefused: "浏览器拒绝提供手机的方向。请拖动来环顾；若要允许，请重新加载页面后再按一次。",
  noMotion: "此设备没有方向传感器。请拖动来环顾。",
  view: "视角",
  viewNow: "视角：{0}",
  enterVr: "进入 VR",
  leaveVr: "退出 VR",
  enterAr: "进入 AR",
  leaveAr: "退出 AR",
  markers: "寻找标记",
  settings: "设置",
  close: "关闭",
  watchHere: "在此观看",

  connecting: "正在连接",
  silent: "演出没有回应，请稍候。",
  away: "没有连接。您的选择已保留，恢复后会发送。",
  awayStart: "没有连接。恢复后会显示演出。",
  uninvited: "此浏览器尚未加入。请重新扫描演出的二维码。",
  replaced: "您已在另一个页面打开了这场演出。",
  garbled: "服务器发来了本页面无法读取的内容，正在重新连接。",
  full: "现在观众太多。",
  panic: "演出因安全原因已停止，请稍候。",
  held: "演出已暂停。",
  own: "您自己的分支",
  ending: "结局：{0}",

  soon: "马上就可以选择。",
  closed: "此选择已结束：您的选择没有计入。",
  unsure: "断开连接期间此选择已结束，不知道您的选择是否计入。",
  expired: "断开连接太久：没有发送任何内容。",
  waits: "没有连接：恢复后若此选择仍然开放，就会发送您的选择。",
  choose: "请选择。",
  secondsLeft: "还剩 {0} 秒",
  seconds: "{0} 秒。",
  picked: "已选择：{0}",
  voted: "已投票：{0}",
  oneVote: "{0} 票，共 {1} 票",
  votes: "{0} 票，共 {1} 票",
  sayIt: "说“{0}”",
  showIt: "做手势 {0}",
  or: "，或",

  noWebgl: "此浏览器无法绘制布景（缺少 WebGL 2）。字幕和选项仍可使用。",
  graphicsLost: "图形驱动程序已停止。浏览器重新启动它后，画面会恢复。",
  loading: "正在加载布景",
  late: "本页面的一部分没有加载，正在重试。字幕和选项现在就可以使用。",
  loadingSlow: "正在加载布景：{0} / {1}。字幕和选项现在就可以使用。",
  noSet: "此处无法绘制布景：{0}。字幕和选项仍可使用。",
  notDrawn: "此处未绘制：{0}。",

  noXr: "此浏览器没有 WebXR。头戴设备自带的浏览器和安卓版 Chrome 有。",
  xrNeedsHttps: "WebXR 需要 HTTPS：请打开以 https 开头的地址。",
  vr: "虚拟现实",
  ar: "增强现实",
  noSession: "此设备不提供{0}。",
  refusesSession: "此浏览器拒绝{0}：{1}",
  refusedSession: "浏览器拒绝了{0}：{1}",
  keepsNothing: "此浏览器不保存任何供离线使用的内容（需要 HTTPS）。",
  cannotKeep: "没有保存供离线使用的内容：{0}",

  captionsIn: "字幕语言",
  myLanguage: "浏览器的语言",
  below: "下方再显示",
  noSecond: "没有第二种语言",
  captionSize: "字幕大小",
  small: "小",
  medium: "中",
  large: "大",
  soundCaptions: "声音的字幕",
  on: "开",
  off: "关",
  volume: "音量",
  full100: "最大",
  half: "一半",
  quiet: "轻",
  mute: "静音",
  contrast: "高对比度",
  moving: "动态效果",
  asSystem: "跟随系统",
  reduced: "减少",
  fullMotion: "全部",
  buttonsFor: "按钮适合",
  bothHands: "双手",
  leftHand: "左手",
  rightHand: "右手",
  switchAccess: "开关控制",
  switchNote: "按空格键或回车键选择突出显示的选项",
  each1: "每项 1 秒",
  each2: "每项 2 秒",
  each4: "每项 4 秒",
  gaze: "在头戴设备中用注视选择",
  keys: "按键",
  keysText: "1 到 9 选择选项。方向键或拖动来环顾，W A S D 移动，+ 和 - 缩放，Home 看向正前方，V 切换视角，M 切换声音。",
};

export const TABLES: Record<string, Record<Word, string>> = { en: EN, zh: ZH };
export const LANGUAGES: readonly string[] = Object.keys(TABLES);

/** What a server's refusal is in Chinese, by its code; in English the server's own text is shown. */
const REFUSED_ZH: Record<string, string> = {
  closed: "现在不能选择此项。",
  silent: "演出没有回应，您的选择没有计入。",
  too_much: "等待处理的请求太多，请稍后再试。",
  not_recorded: "演出无法记录这个请求。",
  opens_nothing: "此标记现在不会打开任何内容。",
  id_reused: "此编号已用于另一个请求。请重新加载页面。",
  not_supported: "此服务器不支持这个请求。",
  vote_late: "投票已结束，您的票没有计入。",
  no_vote: "此选项不需要投票。",
  already_voted: "您已投票，以第一次投票为准。",
  too_many_voters: "投票的观众太多，您的票没有计入。",
};

let spoken = "en";
const labels = new Set<() => void>();

/** Change the language of the page's own words, one of `LANGUAGES`; every label is written again. */
export function speak(language: string): void {
  if (language === spoken) return;
  spoken = language;
  for (const label of labels) label();
}

/** A word of the page in the language of now. */
export function word(key: Word, ...values: (string | number)[]): string {
  return (TABLES[spoken] ?? EN)[key].replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ""));
}

/** Why a request was refused: the server's text, or its code in another language than English. */
export function refusal(code: string, text: string): string {
  return spoken === "zh" ? (REFUSED_ZH[code] ?? text) : text;
}

/** Write a lasting label now and after each change of the language. */
export function lasting(write: () => void): void {
  write();
  labels.add(write);
}
