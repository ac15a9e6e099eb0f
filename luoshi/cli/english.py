"""English wording of the command line; the Chinese wording is the key."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "把责任分解文件读成台账": "read breakdown documents into ledgers",
    "说明文件某处读成了什么、依据哪条规则": "say what a place was read as, and by which rule",
    "输出台账格式的 JSON Schema": "print the JSON Schema of the ledger",
    "启动网站": "start the site",
    "装入虚构的澜湾县示例": "load the example of the fictional county Lanwan",
    "建立第一位管理员": "make the first administrator",
    "建立或升级数据库": "make or upgrade the database",
    "用法：": "Usage: ",
    "选项": "Options",
    "命令": "Commands",
    "显示版本": "show the version",
    "显示这份说明": "show this help",
    "（用法见 {command} -h）": " (see {command} -h)",
    "落实 luoshi：把政府公布的责任分解文件读成台账，每个字段都能翻回原文。": (
        "落实 luoshi: reads a government's published breakdown of responsibilities into a ledger, every field of which "
        "leads back to its sentence."
    ),
    "退出码：0 已读；1 已读但有存疑（仅 --strict）；2 有文件打不开，或用法有误。": (
        "Exit codes: 0 read; 1 read with doubts (under --strict only); 2 a file could not be opened, or a wrong call."
    ),
    "把责任分解文件读成台账。FILE 可以是文件、文件夹（连同下级）或 -（标准输入）。": (
        "Read breakdown documents into ledgers. FILE is a file, a folder (with all below it) or - (standard input)."
    ),
    (
        "在终端里默认显示表格，送往管道或文件时默认 JSON（多份文件每行一份）。-o 的后缀决定格式；"
        "多份文件时 -o 是文件夹，一份一个结果。\n\n退出码：0 已读；1 已读但有存疑（仅 --strict）；2 有文件打不开，其余照读。"
    ): (
        "On a terminal the default is a table, into a pipe or file it is JSON (one line each for several documents). The "
        "suffix of -o sets the format; with several documents -o is a folder that gets one result each. \n\n"
        "Exit codes: 0 read; 1 read with doubts (under --strict only); 2 a file could not be opened, the others were read."
    ),
    "结果文件；多份时是文件夹": "file for the result; a folder for several",
    "结果格式": "format of the result",
    "通知和附件分在几个文件里时，合起来当一份文件读": "read notice and annexes, where they are several files, as one document",
    "JSON 里带上全文各块": "put the blocks of text into the JSON",
    "有存疑时退出码为 1": "exit with 1 where there are doubts",
    "文件夹里没有认得的文件（如 .docx、.doc、.pdf、.ofd、.xlsx、.html、.txt、.zip）": (
        "the folder holds no file of a known kind (such as .docx, .doc, .pdf, .ofd, .xlsx, .html, .txt, .zip)"
    ),
    "文件夹里还有 {n} 份目前不能识读的文件，没有读：{kinds}": "{n} more files of kinds that cannot be read yet were passed over: {kinds}",
    "有 {n} 处存疑": "{n} doubts",
    "看不出 {path} 要什么格式，请用 --format 指定": "no telling which format {path} is to have; name it with --format",
    "--blocks 只用于 json 格式": "--blocks goes with the json format only",
    "多份文件要 {form} 格式，请用 -o 指定一个文件夹": "for several documents as {form}, name a folder with -o",
    "Excel 文件不能显示在终端里，请用 -o 指定文件名": "an Excel file cannot be shown on a terminal; name a file with -o",
    "有 {n} 份文件要写，{path} 却是一个文件，请换成文件夹": "there are {n} results to write but {path} is one file; name a folder",
    "写不出结果：{why}": "the result could not be written: {why}",
    "{name}：{why}": "{name}: {why}",
    "{name}：识读程序出错（{kind}），请报告这份文件；LUOSHI_DEBUG=1 可看详情": (
        "{name}: the reader failed ({kind}); please report this document (LUOSHI_DEBUG=1 shows more)"
    ),
    "识读": "reading",
    "{name}：扫描页已识读 {done}/{pages} 页": "{name}: {done} of {pages} scanned pages read",
    "{path} 是正在读的文件，不能用结果覆盖它，请换一个名字": (
        "{path} is a document being read and will not be overwritten; choose another name"
    ),
    "缺少参数 {name}": "argument {name} is missing",
    "缺少选项 {name}": "option {name} is missing",
    "没有说要做什么": "no command is given",
    "没有选项 {name}{near}": "there is no option {name}{near}",
    "没有命令 {name}{near}": "there is no command {name}{near}",
    "，是不是 {names}": ", did you mean {names}",
    "选项 {name} 后面缺一个值": "option {name} needs a value",
    "选项 {name} 后面不带值": "option {name} takes no value",
    "多出了参数 {names}": "there are arguments too many: {names}",
    "{name} 的值不对：{why}": "wrong value for {name}: {why}",
    "“{value}”不在 {names} 之中": "“{value}” is not one of {names}",
    "“{value}”不是数": "“{value}” is no number",
    "{value} 不在 {range} 之内": "{value} is not within {range}",
    "没有“{value}”": "there is no “{value}”",
    "“{value}”的种类（文件或文件夹）不对": "“{value}” is of the wrong kind (file or folder)",
    "没有打开“{value}”的权限": "“{value}” may not be opened",
    "写不进 {path}：{why}": "cannot write {path}: {why}",
    "没有这个文件或文件夹": "there is no such file or folder",
    "没有权限": "permission denied",
    "磁盘已满": "the disk is full",
    "磁盘配额已满": "the disk quota is used up",
    "磁盘只读": "the disk is read-only",
    "这是文件夹，不是文件": "this is a folder, not a file",
    "路径中有一段不是文件夹": "a part of the path is not a folder",
    "文件名太长": "the file name is too long",
    "已有同名文件，不能建文件夹": "a file of that name stands where a folder is to be",
    "链接绕成了圈": "the links go in a circle",
    "任务": "task",
    "目标与成果": "targets and deliverables",
    "牵头": "lead",
    "配合": "support",
    "时限": "due",
    "全文": "document",
    "任务 {tasks} 项，目标 {targets} 个，定性目标 {aims} 个，成果 {things} 个，存疑 {doubts} 处；全文 {all} 字，未读懂 {unread} 字": (
        "{tasks} tasks, {targets} targets, {aims} aims without a number, {things} deliverables, {doubts} doubts; {all} characters, {unread} not understood"
    ),
    "输出台账格式 luoshi.ledger/1 的 JSON Schema（2020-12）；--of comparison 输出对照格式 luoshi.comparison/1 的，--of account 输出进展格式 luoshi.account/1 的。": (
        "Print the JSON Schema (2020-12) of the ledger format luoshi.ledger/1; with --of comparison that of "
        "luoshi.comparison/1, with --of account that of luoshi.account/1."
    ),
    "读进展材料：每项任务完成了多少、到了哪一步": "read progress documents: what was reached of each task",
    (
        "读一份进展材料（完成情况）：每项任务完成了多少、到了什么阶段、有什么问题、下一步做什么，数字都能翻回原文。"
        "给出台账（--ledger）就逐项对应到任务。"
    ): (
        "Read a progress document: for each task the figures and stages reached, problems and next steps, every figure with "
        "its place. With --ledger each item is matched with its task."
    ),
    (
        "FILE 可以是 -（标准输入）。--ledger 可以是 luoshi read 写出的 JSON，也可以是责任分解文件本身。"
        "在终端里默认显示表格，送往管道或文件时默认 JSON；-o 的后缀决定格式。\n\n"
        "退出码：0 已读；1 已读但有存疑（仅 --strict）；2 有文件打不开，或用法有误。"
    ): (
        "FILE may be - (standard input). --ledger takes the JSON that luoshi read writes, or the breakdown document itself. "
        "On a terminal the default is a table, into a pipe or file it is JSON; the suffix of -o sets the format.\n\n"
        "Exit codes: 0 read; 1 read with doubts (under --strict only); 2 a file could not be opened, or a wrong call."
    ),
    "台账：JSON，或责任分解文件": "the ledger: JSON, or the breakdown document",
    "年份，用于材料没有写明年份的“9月底”": "the year, where the document gives dates without one",
    "本期截止时点，用于“截至目前”，例如 2026-09 或 2026-Q3": "the period's cut-off, where the document says “until now”, such as 2026-09 or 2026-Q3",
    "--cutoff 要写成 2026-09、2026-09-30 或 2026-Q3": "--cutoff takes 2026-09, 2026-09-30 or 2026-Q3",
    "{path} 里有 {n} 份文件，这里只能是一份": "{path} holds {n} documents; only one is taken here",
    "{name} 不是台账的 JSON，请用 luoshi read 写出的结果": "{name} is no ledger's JSON; use what luoshi read writes",
    "对应任务": "task",
    "完成数与阶段": "figures and stages",
    "问题与下一步": "problems and next steps",
    "事项 {items} 项，对应到任务 {matched} 项，完成数 {figures} 个，存疑 {doubts} 处": (
        "{items} items, {matched} matched with tasks, {figures} figures reached, {doubts} doubts"
    ),
    "哪一种格式": "which format",
    "对照两份文件：沿用、新增、取消，目标高低，承诺强弱": "compare two documents: kept, new, dropped, raised or lowered",
    (
        "对照两份文件：草案与定稿，或去年与今年。哪些任务沿用、新增、取消，哪些目标调高、调低，承诺减弱还是加强，牵头配合、时限有何改变，"
        "哪些句子原样再用。"
    ): (
        "Compare two documents: draft and final, or last year and this. Which tasks are kept, new, dropped; which targets are "
        "raised or lowered; where a promise is weaker or firmer; whose lead, support and deadline changed; which sentences "
        "stand again word for word."
    ),
    (
        "在终端里默认显示表格，送往管道或文件时默认 JSON；-o 的后缀决定格式。OLD、NEW 之一可以是 -（标准输入）。\n\n"
        "退出码：0 已对照；1 两份文件有差异（仅 --exit-code）；2 有文件打不开，或用法有误。"
    ): (
        "On a terminal the default is a table, into a pipe or file it is JSON; the suffix of -o sets the format. "
        "One of OLD and NEW may be - (standard input).\n\n"
        "Exit codes: 0 compared; 1 they differ (under --exit-code only); 2 a file could not be opened, or a wrong call."
    ),
    "结果文件": "file for the result",
    "有差异时退出码为 1": "exit with 1 where they differ",
    "标准输入只能有一份文件": "standard input holds one document only",
    "{path} 里有 {n} 份文件，对照的每一方只能是一份": "{path} holds {n} documents; each side of a comparison is one",
    "{name}：没有读出任务": "{name}: no task was read",
    "旧": "old",
    "新": "new",
    "取消任务": "dropped tasks",
    "新增任务": "new tasks",
    "差异": "difference",
    "事项": "matter",
    (
        "沿用任务 {kept} 项（其中无差异 {untouched} 项），新增 {new} 项，取消 {dropped} 项；目标调低 {lowered} 个、调高 {raised} 个、不变 {same} 个；"
        "文字改动 {reworded} 处，原句再用 {recycled} 处"
    ): (
        "{kept} tasks kept ({untouched} without a difference), {new} new, {dropped} dropped; targets: {lowered} lowered, "
        "{raised} raised, {same} unchanged; {reworded} tasks reworded, {recycled} sentences stand again"
    ),
    "说明文件某处读成了什么、依据哪条规则。N 是全文第几个字（从 0 数，各块之间算一个换行），或“块:字”。": (
        "Say what a place of the document was read as, and by which rules. N counts characters from 0 over all blocks, "
        "with one line break between blocks, or is BLOCK:CHARACTER."
    ),
    "位置：N 或 块:字": "the place: N or BLOCK:CHARACTER",
    "一次只说明一份文件": "explain takes one document at a time",
    "--at 要写成一个数，或“块:字”，例如 --at 120 或 --at 7:15": "--at takes a number or BLOCK:CHARACTER, such as 120 or 7:15",
    "文件共 {n} 块，没有 {place} 这个位置": "the document has {n} blocks; there is no place {place}",
    "全文只有 {n} 个字，没有第 {place} 个": "the document has {n} characters; there is no place {place}",
    "{name} 第 {block} 块第 {offset} 字（{origin}）": "{name}, block {block}, character {offset} ({origin})",
    "着落：{state}": "state: {state}",
    "字段": "part of a fact",
    "未读懂": "not understood",
    "一般叙述（任务正文中没有字段的话）": "prose (words of a task that hold no fact)",
    "篇章结构或一般叙述": "structure or prose",
    "读成：": "read as:",
    "这里没有读成字段。": "nothing was read here.",
    "存疑：{what}（{code}）": "doubt: {what} ({code})",
    "附近有触发词的规则：": "rules whose trigger words stand near:",
    "附近没有任何规则的触发词。": "no rule's trigger word stands near.",
    "  ✗ {rule}  “{word}”在 {where}，句式不合": "  ✗ {rule}  “{word}” at {where}: the pattern does not match",
    "  ✗ {rule}  “{text}”在 {where}，合句式，但取不出值": "  ✗ {rule}  “{text}” at {where}: matches but gives no value",
    "  {mark} {rule}  读出“{text}”在 {where}：{value}": "  {mark} {rule}  reads “{text}” at {where}: {value}",
    '网站部分没有安装（缺 {names}）。请先运行：pip install "luoshi[web]"': (
        'the site is not installed ({names} missing); run first: pip install "luoshi[web]"'
    ),
    "网站设置有误：{why}": "the site's settings are wrong: {why}",
    "连不上数据库，或没有权限写它：{why}": "the database cannot be reached or written: {why}",
    "建立数据库；升级 luoshi 后把数据库升到新版。可以重复运行。": (
        "Make the database; after an upgrade of luoshi, bring it up to date. May be run again."
    ),
    "启动网站。默认只在本机 http://127.0.0.1:8000 ，可反复启动，数据不丢。": (
        "Start the site, by default for this machine only at http://127.0.0.1:8000. May be started again; nothing is lost."
    ),
    "监听地址；0.0.0.0 为所有网卡": "address to listen on; 0.0.0.0 for every network",
    "端口": "port",
    "同时处理几个请求": "requests served at the same time",
    "网站已启动：http://{host}:{port}/ ，按 Ctrl-C 停止": "the site is at http://{host}:{port}/ , Ctrl-C stops it",
    "不能在 {host}:{port} 启动：{why}。可换一个端口：--port": "cannot start at {host}:{port}: {why}; try another --port",
    "装入虚构的澜湾县：单位、账号、一份读好并已立账的文件、办了一年的台账。可重复运行，不会重复装入，也不动已有的数据。": (
        "Load the fictional county Lanwan: units, accounts, a document read and adopted, a year's reports. May be run again: nothing is "
        "loaded twice and nothing that is there is touched."
    ),
    "办到哪一期为止；这一期留着没有办完": "the period to run the year up to; it is left unfinished",
    "网站地址，用于提示": "the site's host, for the message",
    "网站端口，用于提示": "the site's port, for the message",
    "示例装不进去：{why}": "the example cannot be loaded: {why}",
    "数据库里已有{name}的数据，而示例账号的口令是公开的；请另用一个数据目录（LUOSHI_DATA）装示例": (
        "the database holds data of {name}, and the example's passwords are public; load it into another data folder "
        "(LUOSHI_DATA)"
    ),
    "示例澜湾县（虚构）已装入。": "The example, the fictional county Lanwan, is loaded.",
    "示例澜湾县（虚构）早已装入，没有改动。": "The example was loaded before; nothing was changed.",
    "地址：http://{host}:{port}/ （网站由 luoshi serve 启动）": "Address: http://{host}:{port}/ (luoshi serve starts the site)",
    "口令（所有示例账号相同，公开，切勿用于正式数据）：{password}": (
        "Password (the same for all example accounts, public, never for real data): {password}"
    ),
    "建立第一位管理员（账号管理）。口令在提示后输入，或由环境变量 LUOSHI_ADMIN_PASSWORD 给出。": (
        "Make the first administrator. The password is asked for, or given by the variable LUOSHI_ADMIN_PASSWORD."
    ),
    "姓名": "name",
    "口令": "password",
    "再输一遍": "once more",
    "两次输入的不一样，请重新输入": "the two are not the same; type them again",
    "第一个政府的名称，如 澜湾县；管理员同时是它的督查室人员和账号管理员": (
        "name of the first government; the administrator becomes its supervision office and its account administrator"
    ),
    "政府名称（如 澜湾县；留空则以后再建）": "name of the government (empty: make it later)",
    "已经有政府了；下级政府请账号管理员登录后在“人员 › 各级政府”里添加": (
        "there is a government already; its account administrator adds those below under People › Governments"
    ),
    "给账号一个设口令的新链接": "give an account a new link to set its password",
    "给账号一个设口令的新链接：管理员、审计员忘了口令时用；其他人的由账号管理员在网页上给。": (
        "Give an account a new link to set its password: for administrators and auditors who forgot theirs; everybody"
        " else gets one from the account administrator on the site."
    ),
    "接在网站地址后面打开，用一次就失效；请当面交给本人": (
        "open it behind the site's address; it works once; hand it over in person"
    ),
    "{government} 已建立，{username} 是它的督查室人员和账号管理员": (
        "{government} is made; {username} is its supervision office and its account administrator"
    ),
    "还没有政府，暂时不能传文件。请运行：luoshi admin {username} --government 名称": (
        "there is no government yet, so no document can be received; run: luoshi admin {username} --government NAME"
    ),
    "管理员 {username} 已建立，请用 luoshi serve 启动网站后登录": (
        "the administrator {username} is made; start the site with luoshi serve and log in"
    ),
    "把成千上万份文件读成数据表": "read many thousand documents into tables",
    "用 SQL 查询这些数据表": "ask these tables in SQL",
    "把许多文件夹里成千上万份文件读成数据表（Parquet 或 JSONL），供统计分析。": (
        "Read many thousand documents in folders into tables (Parquet or JSONL), for analysis."
    ),
    (
        "中断后用同一条命令接着读，读完的不再读；内容相同的文件只读一次。打不开的文件记在 errors 表里，不影响其余。"
        "查询结果见 luoshi query。\n\n退出码：0 已读完；2 没有读完，或用法有误。"
    ): (
        "Stopped, the same command goes on where it stopped; the same content is read once. Files that cannot be opened are "
        "rows of the table errors and stop nothing. Ask the result with luoshi query.\n\n"
        "Exit codes: 0 all read; 2 not finished, or a wrong call."
    ),
    (
        "用 SQL 查询 luoshi bulk 的结果。表：documents、tasks、units、targets、deliverables、milestones、doubts、errors、"
        "files、ledgers。SQL 写 - 时从标准输入读。"
    ): (
        "Ask the result of luoshi bulk in SQL. Tables: documents, tasks, units, targets, deliverables, milestones, doubts, "
        "errors, files, ledgers. With - the SQL is read from standard input."
    ),
    "结果文件夹": "folder for the result",
    "在本机各核上读（local），或在 Dask 集群上读（dask）": "read on this machine's cores (local) or on a Dask cluster (dask)",
    "Dask 调度器地址，例如 tcp://10.0.0.1:8786": "address of the Dask scheduler, such as tcp://10.0.0.1:8786",
    "本机用几个进程；默认每核一个": "processes on this machine; one a core by default",
    "--scheduler 只用于 --engine dask": "--scheduler goes with --engine dask only",
    "集群的进程数由集群自己定，--workers 不能与 --scheduler 同用": (
        "a cluster sets its own number of processes; --workers cannot go with --scheduler"
    ),
    "（--format jsonl --engine local 不需要它们）": " (--format jsonl --engine local works without)",
    '批量部分没有安装（缺 {names}）。请先运行：pip install "luoshi[bulk]"': (
        'the bulk part is not installed ({names} missing); run first: pip install "luoshi[bulk]"'
    ),
    "luoshi bulk 不读标准输入，请给出文件夹": "luoshi bulk does not read standard input; name a folder",
    "文件夹里没有认得的文件": "the folder holds no file of a known kind",
    "结果在 {out}：文件 {documents:,} 份，{characters:,} 字；打不开 {errors:,} 份（见 errors 表）": (
        "result in {out}: {documents:,} documents, {characters:,} characters; {errors:,} could not be read (table errors)"
    ),
    "已读 {done:,} 份，还有 {left:,} 份；每秒 {rate:.1f} 份": "{done:,} read, {left:,} to go; {rate:.1f} a second",
    "，约需 {time}": ", about {time} left",
    "；打不开 {n:,} 份": "; {n:,} could not be read",
    "{h} 小时 {m} 分": "{h} h {m} min",
    "{m} 分 {s} 秒": "{m} min {s} s",
    "{s} 秒": "{s} s",
    "luoshi bulk 的结果文件夹": "the folder that luoshi bulk made",
    "没有 SELECT 语句": "there is no SELECT",
    "查询有误：{why}": "the query is wrong: {why}",
    # lights
    "为所有已锁定、还没有亮灯的期次亮灯": "light every locked period that has no lights yet",
    "为所有政府已锁定、还没有亮灯的期次亮灯。可以重复运行。": (
        "Light every locked period that has no lights yet, of all governments. May be run again."
    ),
    "同时用几个进程": "processes at once",
    "亮灯 {periods} 期，共 {tasks} 条任务": "{periods} periods lit, {tasks} tasks in all",
    # verify, tick
    "还没有建立数据库，或它不是这一版的。请先运行：luoshi migrate": (
        "there is no database yet, or it is of another version. Run first: luoshi migrate"
    ),
    "核验有没有事后改动": "check that nothing was changed afterwards",
    "核验有没有事后改动：历史链、每一行数据、存放的文件。退回 0 完好，1 有改动，2 没有查成。": (
        "Check that nothing was changed afterwards: the chain of history, every row, stored files. "
        "Exit code 0: whole, 1: changed, 2: not checked."
    ),
    "不核对文件内容（文件多时较快）": "leave out the contents of files (quicker where there are many)",
    "共 {n} 处不符，历史 {entries} 条": "{n} findings; {entries} history entries",
    "完好：历史 {entries} 条，文件 {files} 份，没有事后改动": (
        "whole: {entries} history entries, {files} files, nothing changed afterwards"
    ),
    "开放、催报、锁定当天到期的期次": "open, remind and lock the periods that are due",
    "办理当天该办的：开放期次、催报、锁定。可以重复运行；网站运行时会自动做。": (
        "Do what the day asks: open periods, remind, lock. May be run again; a running site does it by itself."
    ),
    "按哪一天办，默认今天": "the day to act for; today by default",
    "{day}：开放 {opened} 期，发出报送要求 {asked} 份，催报 {reminded} 次，锁定 {locked} 期": (
        "{day}: {opened} periods opened, {asked} reports asked for, {reminded} reminders, {locked} periods locked"
    ),
}
