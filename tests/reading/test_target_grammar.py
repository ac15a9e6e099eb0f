"""The grammar of targets, form by form: a sentence, and what it commits to. All sentences are invented.

Each line holds the wording and, behind ``=>``, its targets: subject, kind, bound, value and unit, ``!`` where it is only
striven for, ``from`` the baseline.
"""

from __future__ import annotations

import pytest

from luoshi.reading.facts import Passage
from luoshi.reading.facts.targets import read_targets
from luoshi.reading.ledger import Target
from luoshi.reading.rule import fold

GRAMMAR = """
# floors
规上工业增加值增速不低于6.5% => 规上工业增加值 growth min 6.5%
新增就业岗位起码3000个 => 就业岗位 quantity min 3000个
固定资产投资增长8%及以上 => 固定资产投资 growth min 8%
实际利用外资不得少于2亿美元 => 实际利用外资 quantity min 2亿美元
公共预算收入增速要高于5% => 公共预算收入 growth min 5%
粮食总产量稳定在12亿斤以上 => 粮食总产量 level min 12亿斤
培育亩均税收50万元以上企业不少于10家 => 亩均税收50万元以上企业 quantity min 10家
# caps
万元GDP能耗降幅不低于3% => 万元GDP能耗降幅 change min 3%
政府债务率控制在100%以内 => 政府债务率 level max 100%
城镇登记失业率不超过4% => 城镇登记失业率 level max 4%
行政审批时限压缩至5个工作日以内 => 行政审批时限 level max 5个工作日
居民消费价格涨幅控制在2%左右 => 居民消费价格涨幅 growth about 2%
一般公共服务支出占比不高于8% => 一般公共服务支出占比 level max 8%
生产安全事故死亡人数控制在12人以下 => 生产安全事故死亡人数 quantity max 12人
刑事案件发案数不突破800起 => 刑事案件发案数 quantity max 800起
# about
新增专利授权大约500件 => 专利授权 quantity about 500件
争取新建厂房20万方左右 => 厂房 quantity about 20万方!
建设充电桩近千个 => 充电桩 quantity about 1000个
新增养老床位百余张 => 养老床位 quantity about 100张
# ranges
GDP增长5%—6% => GDP growth range 5-6%
地区生产总值增长5.5%-6%左右 => 地区生产总值 growth range 5.5-6%
新引进5到6个亿元项目 => 亿元项目 quantity range 5-6个
每镇培育3-5家农家乐 => 每镇农家乐 quantity range 3-5家
新改建公厕二十至三十座 => 公厕 quantity range 20-30座
力争规上企业达到120家至150家 => 规上企业 level range 120-150家!
招引企业8～10家 => 招引企业 quantity range 8-10家
打造2—3条精品线路 => 精品线路 quantity range 2-3条
增速保持在6%—6.5%区间 => 增速 growth range 6-6.5%
完成投资10亿至12亿元 => 投资 quantity range 10-12亿元
招引项目三到五个 => 招引项目 quantity range 3-5个
新建口袋公园七八个 => 口袋公园 quantity range 7-8个
种植面积4万~5万亩 => 种植面积 quantity range 4-5万亩
# double goals
确保引进项目20个、力争25个 => 引进项目 quantity exact 20个 | 引进项目 quantity exact 25个!
确保完成投资50亿元，力争完成60亿元 => 投资 quantity exact 50亿元 | 投资 quantity exact 60亿元!
生产总值增长6%以上，力争达到6.5% => 生产总值 growth min 6% | 生产总值 growth exact 6.5%!
税收占比保底80%、冲刺85% => 税收占比 level min 80% | 税收占比 level exact 85%!
确保争取上级资金10亿元、力争12亿元 => 上级资金 quantity exact 10亿元 | 上级资金 quantity exact 12亿元!
城乡居民收入分别增长6%、7%以上，力争分别达到6.5%、7.5%
    => 城乡居民收入 growth min 6%
     | 城乡居民收入 growth min 7%
     | 城乡居民收入 growth exact 6.5%!
     | 城乡居民收入 growth exact 7.5%!
# spreads
每个乡镇（街道）各建成1个日间照料中心 => 每个乡镇（街道）日间照料中心 quantity exact 1个
县城、集镇各改造农贸市场2个 => 县城改造农贸市场 quantity exact 2个 | 集镇改造农贸市场 quantity exact 2个
城南、城北、城西新区各新建幼儿园1所 => 城南新建幼儿园 quantity exact 1所 | 城北新建幼儿园 quantity exact 1所 | 城西新区新建幼儿园 quantity exact 1所
自来水普及率、水质达标率均达到98%以上 => 自来水普及率 level min 98% | 水质达标率 level min 98%
东片、西片、南片分别新建泵站2座、3座、1座 => 东片新建泵站 quantity exact 2座 | 西片新建泵站 quantity exact 3座 | 南片新建泵站 quantity exact 1座
义务教育巩固率、高中阶段毛入学率分别达99.5%、98%以上 => 义务教育巩固率 level min 99.5% | 高中阶段毛入学率 level min 98%
新增公园、书屋、健身场地各3处 => 公园 quantity exact 3处 | 书屋 quantity exact 3处 | 健身场地 quantity exact 3处
出口、实际利用外资分别增长5%以上和突破1亿美元 => 出口 growth min 5% | 实际利用外资 quantity min 1亿美元
# parts of a whole
新增市场主体5000户，其中企业1500户 => 市场主体 quantity exact 5000户 | 企业 quantity exact 1500户
改造农村公路80公里（其中县道20公里、乡道60公里） => 农村公路 quantity exact 80公里 | 县道 quantity exact 20公里 | 乡道 quantity exact 60公里
完成技改投资20亿元，其中设备投资12亿元以上 => 技改投资 quantity exact 20亿元 | 设备投资 quantity min 12亿元
新增床位500张、其中护理型床位占比60%以上 => 床位 quantity exact 500张 | 护理型床位占比 level min 60%
力争争取上级资金30亿元，其中专项债券18亿元 => 上级资金 quantity exact 30亿元! | 专项债券 quantity exact 18亿元!
# baselines
城乡居民基础养老金由每人每月600元提高到650元 => 城乡居民基础养老金 level exact 650元 from 600元
城市低保标准从每人每月800元提高至850元 => 城市低保标准 level exact 850元 from 800元
医保财政补助标准由去年的每人每年670元提高到每人每年700元 => 医保财政补助标准 level exact 700元 from 670元
亩均税收由去年的每亩15万元提高到18万元 => 亩均税收 level exact 18万元 from 15万元
办理时限由法定20个工作日压缩至5个工作日内 => 办理时限 level max 5个工作日 from 20个工作日
每千人口托位数由目前3.5个增加到4.2个 => 每千人口托位数 level exact 4.2个 from 3.5个
自来水普及率由平均95%提高到98% => 自来水普及率 level exact 98% from 95%
由县财政出资200万元，新建书房5个 => 由县财政出资 quantity exact 200万元 | 书房 quantity exact 5个
# what is said before holds for what follows
年内完成2个项目前期、3个项目开工、4个项目竣工 => 项目前期 quantity exact 2个 | 项目开工 quantity exact 3个 | 项目竣工 quantity exact 4个
旅游综合收入100亿元、接待游客1000万人次，分别增长10%、12%
    => 旅游综合收入 quantity exact 100亿元
     | 游客 quantity exact 1000万人次
     | 旅游综合收入 growth exact 10%
     | 游客 growth exact 12%
地区生产总值突破500亿元，人均突破10万元 => 地区生产总值 quantity min 500亿元 | 人均地区生产总值 quantity min 10万元
每个乡镇建成1个以上示范村，全县不少于12个 => 每个乡镇示范村 quantity min 1个 | 示范村 quantity min 12个
新增市场主体8000户、总量突破10万户 => 市场主体 quantity exact 8000户 | 市场主体总量 quantity min 10万户
力争到年底全县规上企业突破200家大关 => 全县规上企业 quantity min 200家!
# more baselines
城镇化率由62%提升到64% => 城镇化率 level exact 64% from 62%
村集体经营性收入10万元以上村由85个增加到100个 => 村集体经营性收入10万元以上村 level exact 100个 from 85个
审批事项由原来的35项压减至20项 => 审批事项 level exact 20项 from 35项
公办幼儿园在园幼儿占比从51%提高至55% => 公办幼儿园在园幼儿占比 level exact 55% from 51%
全县5G基站由800个增至1200个 => 全县5G基站 level exact 1200个 from 800个
万人拥有公交车辆从8标台提高到10标台 => 万人拥有公交车辆 level exact 10标台
将垃圾资源化利用率从35%提高到40%以上 => 垃圾资源化利用率 level min 40% from 35%
企业开办时间由3个工作日压缩到1个工作日 => 企业开办时间 level exact 1个工作日 from 3个工作日
绿化率在上年42%的基础上提高1个百分点 => 绿化率 change exact 1个百分点 from 42%
# thresholds in the subject
新开工5000万元以上项目20个 => 5000万元以上项目 quantity exact 20个
竣工亿元以上工业项目12个以上 => 亿元以上工业项目 quantity min 12个
培育营收超10亿元企业5家、超50亿元企业1家 => 营收超10亿元企业 quantity exact 5家 | 超50亿元企业 quantity exact 1家
新增年产值2000万元以上规上企业30家 => 年产值2000万元以上规上企业 quantity exact 30家
引进总投资10亿元以上项目不少于3个 => 总投资10亿元以上项目 quantity min 3个
新建200亩以上高标准农田示范片6个 => 200亩以上高标准农田示范片 quantity exact 6个
招引投资额超亿元的农业项目4个 => 投资额超亿元的农业项目 quantity exact 4个
整治20户以上自然村60个 => 20户以上自然村 quantity exact 60个
80周岁以上老人意外险覆盖率100% => 80周岁以上老人意外险覆盖率 level exact 100%
亩均税收5万元以下企业整治120家 => 亩均税收5万元以下企业整治 quantity exact 120家
建成500千伏输变电工程1项 => 500千伏输变电工程 quantity exact 1项
新增10蒸吨以上锅炉改造5台 => 10蒸吨以上锅炉 quantity exact 5台
# staged pairs
启动40个老旧小区改造、年内完成20个 => 老旧小区改造 quantity exact 40个 | 老旧小区改造 quantity exact 20个
开工建设安置房3000套，竣工2000套，交付1500套 => 安置房 quantity exact 3000套 | 竣工安置房 quantity exact 2000套 | 交付安置房 quantity exact 1500套
实施城市更新项目15个，其中年内完工8个 => 城市更新项目 quantity exact 15个 | 城市更新项目 quantity exact 8个
完成年度投资8亿元，累计完成20亿元 => 投资 quantity exact 8亿元 | 投资 quantity exact 20亿元
上半年新开工项目20个，全年新开工45个 => 新开工项目 quantity exact 20个 | 新开工项目 quantity exact 45个
谋划项目100个、开工50个、竣工30个 => 项目 quantity exact 100个 | 开工项目 quantity exact 50个 | 竣工项目 quantity exact 30个
新建厂房30万平方米，其中上半年建成12万平方米 => 厂房 quantity exact 30万平方米 | 建成厂房 quantity exact 12万平方米
签约项目50个，落地30个，开工20个 => 签约项目 quantity exact 50个 | 落地项目 quantity exact 30个 | 开工项目 quantity exact 20个
# ranks
综合竞争力保持全国百强县前60位 => 综合竞争力 rank exact 60位
创新指数排名进入全省前十五 => 创新指数 rank exact 15
亩均效益综合评价力争进入全市前2名 => 亩均效益综合评价 rank exact 2名!
信访工作考核位居全市第一方阵 => 信访工作考核 rank exact 第一方阵
营商环境便利度跃居全省第3位 => 营商环境便利度 rank exact 3位
教育质量稳居全市第一 => 教育质量 rank exact 1
法治政府建设满意度保持全省前五 => 法治政府建设满意度 rank exact 5
群众满意度排名上升2个位次 => 群众满意度排名 change exact 2个位次
财政收入总量力争挤进全市前四强 => 财政收入总量 rank exact 4强!
安全感满意率列全市首位 => 安全感满意率 rank exact 首位
# grades
断面水质达到或优于Ⅲ类 => 断面水质 grade min 3类
集中式饮用水源地水质稳定在Ⅱ类以上 => 集中式饮用水源地水质 grade min 2类
创建3A级景区村庄5个 => 3A级景区村庄 quantity exact 5个
地表水全部达到Ⅳ类标准 => 地表水 grade exact 4类
# numerals in words
建成村级文化礼堂二十个 => 村级文化礼堂 quantity exact 20个
新增停车位两万余个 => 停车位 quantity about 2万个
化解存量债务一成以上 => 存量债务 level min 1成
完成一半以上老旧管网改造 => 老旧管网改造 level min 0.5
规上企业数字化改造覆盖面过半 => 规上企业数字化改造覆盖面 level min 0.5
数字经济增加值占比超四成 => 数字经济增加值占比 level min 4成
外贸出口占比接近三成 => 外贸出口占比 level about 3成
产值突破五百亿元大关 => 产值 quantity min 500亿元
新增耕地三千五百亩 => 耕地 quantity exact 3500亩
培训农民十万人次 => 农民 quantity exact 10万人次
新建桥梁十余座 => 桥梁 quantity about 10座
全县绿道总里程突破一百五十公里 => 全县绿道总里程 quantity min 150公里
集体收入全部达到二十万元以上 => 集体收入 level min 20万元
改造危房百来户 => 危房 quantity about 100户
培育“专精特新”企业十五家左右 => “专精特新”企业 quantity about 15家
发放消费券两千万元 => 消费券 quantity exact 2000万元
产业规模翻两番 => 产业规模 growth exact 2番
新能源公交车占比百分之百 => 新能源公交车占比 level exact 100%
高标准农田建成率达九成 => 高标准农田建成率 level exact 9成
减少审批环节三分之一以上 => 减少审批环节 change min 0.333
农民收入翻一番以上 => 农民收入 growth min 1番
医保参保率稳定在九成八 => 医保参保率 level exact 9.8成
帮扶困难职工三百五十余人次 => 困难职工 quantity about 350人次
建成一千个停车泊位 => 停车泊位 quantity exact 1000个
# units
新增绿地50公顷 => 绿地 quantity exact 50公顷
铺设燃气管网120千米 => 燃气管网 quantity exact 120千米
光伏装机容量达到20万千瓦 => 光伏装机容量 level exact 20万千瓦
储能规模300兆瓦时 => 储能规模 quantity exact 300兆瓦时
新增供水能力5万吨/日 => 供水能力 quantity exact 5万吨/日
PM2.5年均浓度控制在30微克每立方米以下 => PM2.5年均浓度 level max 30微克每立方米
粮食单产每亩提高15公斤 => 粮食单产每亩 change exact 15公斤
人均公园绿地面积15.5平方米 => 人均公园绿地面积 quantity exact 15.5平方米
实现社会消费品零售总额260亿元 => 社会消费品零售总额 quantity exact 260亿元
单位建设用地税收达到30万元/亩 => 单位建设用地税收 level exact 30万元/亩
每万人拥有发明专利25件 => 每万人拥有发明专利 quantity exact 25件
排查安全隐患10万处次 => 安全隐患 quantity exact 10万处次
进出口总额50亿美元 => 进出口总额 quantity exact 50亿美元
开行货运专列300列 => 货运专列 quantity exact 300列
万元工业增加值用水量下降5% => 万元工业增加值用水量 change exact 5%
蔬菜总产量达到35万吨 => 蔬菜总产量 level exact 35万吨
森林蓄积量突破800万立方米 => 森林蓄积量 quantity min 800万立方米
新增民用机场吞吐量150万人次 => 民用机场吞吐量 quantity exact 150万人次
平均响应时间不超过15分钟 => 平均响应时间 level max 15分钟
平均每月开展活动4次 => 开展活动 quantity exact 4次
每季度督查1次以上 => 督查 quantity min 1次
港口集装箱吞吐量200万标箱 => 港口集装箱吞吐量 quantity exact 200万标箱
老年人健康管理率70%以上 => 老年人健康管理率 level min 70%
万人发案率低于45起 => 万人发案率 quantity max 45起
亿元GDP死亡率控制在0.02人以内 => 亿元GDP死亡率 quantity max 0.02人
增速保持在6%至7%之间 => 增速 growth range 6-7%
工业用地亩均税收不低于25万元且年均增长5%以上 => 工业用地亩均税收 quantity min 25万元 | 工业用地亩均税收 growth min 5%
确保规上工业增加值增速高于全市平均水平1个百分点以上 => 规上工业增加值增速 change min 1个百分点
固定资产投资增速保持两位数 => 固定资产投资 growth min 10%
新建十五六个充电站 => 充电站 quantity range 15-16个
培训两三百人 => 培训 quantity range 200-300人
新增学位二三千个 => 学位 quantity range 2000-3000个
引进人才千余名 => 人才 quantity about 1000名
处置率达百分之九十五至百分之九十八 => 处置率 level range 95-98%
合格率98%—100% => 合格率 level range 98-100%
建成投用县级养老服务中心1家以上、乡镇级5家以上 => 县级养老服务中心 quantity min 1家 | 乡镇级 quantity min 5家
完成500户以上农村危房改造 => 农村危房改造 quantity min 500户
实施30个左右城建项目 => 城建项目 quantity about 30个
新增不少于20家规上企业 => 规上企业 quantity min 20家
培育出10家左右链主型企业 => 链主型企业 quantity about 10家
使全县乡村旅游接待人数达到300万人次以上 => 全县乡村旅游接待人数 level min 300万人次
完成营造林10万亩（其中人工造林2万亩，封山育林8万亩） => 营造林 quantity exact 10万亩 | 人工造林 quantity exact 2万亩 | 封山育林 quantity exact 8万亩
推动10个以上项目落地 => 项目落地 quantity min 10个
力争新增省级工业设计中心1家以上 => 省级工业设计中心 quantity min 1家!
举办招商活动10次以上，引进企业20家以上，到位资金15亿元以上 => 招商活动 quantity min 10次 | 引进企业 quantity min 20家 | 到位资金 quantity min 15亿元
全年招才引智500人，其中博士20人、硕士100人以上，高技能人才280人
    => 招才引智 quantity exact 500人
     | 博士 quantity exact 20人
     | 硕士 quantity min 100人
     | 高技能人才 quantity exact 280人
把农村生活污水治理率提高到75%以上 => 农村生活污水治理率 level min 75%
安置房回迁率100%、办证率95% => 安置房回迁率 level exact 100% | 办证率 level exact 95%
至2026年底，全县公路通车里程超2000公里 => 全县公路通车里程 quantity min 2000公里
日均客流量突破2万人次 => 日均客流量 quantity min 2万人次
政务服务事项“一网通办”率达100% => 政务服务事项“一网通办”率 level exact 100%
万元GDP用水量较2020年下降16% => 万元GDP用水量 change exact 16%
PM2.5浓度比上年下降3%以上 => PM2.5浓度 change min 3%
零售额同比增速不低于7% => 零售额 growth min 7%
第三产业增加值占GDP比重每年提高0.5个百分点 => 第三产业增加值占GDP比重 change exact 0.5个百分点
# whole tasks
全年规上工业总产值跨上800亿元台阶 => 规上工业总产值 quantity min 800亿元
工业技改投资增速不低于全市平均，总量突破45亿元 => 总量 quantity min 45亿元
净增规上工业企业不少于28家，力争达到35家 => 规上工业企业 quantity min 28家 | 规上工业企业 level exact 35家!
单位工业增加值能耗同比降低3个百分点左右 => 单位工业增加值能耗 change about 3个百分点
企业上云新增1000家，累计达5000家 => 企业上云 quantity exact 1000家 | 企业上云 level exact 5000家
腾退低效工业用地1200亩、盘活存量用地800亩、新增工业用地供应1500亩以上
    => 低效工业用地 quantity exact 1200亩
     | 存量用地 quantity exact 800亩
     | 工业用地供应 quantity min 1500亩
数字经济核心制造业增加值占规上工业增加值比重力争突破18% => 数字经济核心制造业增加值占规上工业增加值比重 level min 18%!
粮食播种面积稳定在42.5万亩，总产17.8万吨以上，确保只增不减 => 粮食播种面积 level exact 42.5万亩 | 总产 quantity min 17.8万吨
新建和改造提升高标准农田3.2万亩，建成粮食生产功能区“非粮化”整治面积5000亩 => 高标准农田 quantity exact 3.2万亩 | 粮食生产功能区“非粮化”整治面积 quantity exact 5000亩
农村居民人均可支配收入增长8%左右，低收入农户收入增长10%以上，城乡收入倍差缩小到1.6以内
    => 农村居民人均可支配收入 growth about 8%
     | 低收入农户收入 growth min 10%
     | 城乡收入倍差 level max 1.6
集体经济年经营性收入50万元以上行政村占比达55%以上，30万元以下行政村全面消除 => 集体经济年经营性收入50万元以上行政村占比 level min 55%
生猪存栏保有量不低于12万头，能繁母猪存栏保持1.1万头左右 => 生猪存栏保有量 quantity min 12万头 | 能繁母猪存栏 level about 1.1万头
创建和美乡村示范带3条、示范村20个、精品村8个 => 和美乡村示范带 quantity exact 3条 | 示范村 quantity exact 20个 | 精品村 quantity exact 8个
农产品质量安全抽检合格率不低于98.5% => 农产品质量安全抽检合格率 level min 98.5%
水稻耕种收综合机械化率达90%，较上年提高2个百分点 => 水稻耕种收综合机械化率 level exact 90% | 水稻耕种收综合机械化率 change exact 2个百分点
农村卫生厕所普及率巩固在99%以上，生活垃圾无害化处理率保持100% => 农村卫生厕所普及率 level min 99% | 生活垃圾无害化处理率 level exact 100%
引进农业龙头企业2—3家，培育家庭农场100家、农民专业合作社示范社10家
    => 农业龙头企业 quantity range 2-3家
     | 家庭农场 quantity exact 100家
     | 农民专业合作社示范社 quantity exact 10家
新增绿色食品、有机农产品、地理标志农产品分别为10个、3个和1个 => 绿色食品 quantity exact 10个 | 有机农产品 quantity exact 3个 | 地理标志农产品 quantity exact 1个
完成老旧小区改造32个、惠及居民1.1万户，加装电梯80台以上 => 老旧小区 quantity exact 32个 | 居民 quantity exact 1.1万户 | 电梯 quantity min 80台
城市生活污水集中收集率提升3个百分点以上，达到78% => 城市生活污水集中收集率 change min 3个百分点 | 城市生活污水集中收集率 level exact 78%
全年打通断头路5条、拓宽瓶颈路3条、新增公共停车位2000个（含机械车位500个）
    => 断头路 quantity exact 5条
     | 瓶颈路 quantity exact 3条
     | 公共停车位 quantity exact 2000个
     | 机械车位 quantity exact 500个
棚户区改造开工率100%、续建项目竣工率不低于60% => 棚户区改造开工率 level exact 100% | 续建项目竣工率 level min 60%
新增城市绿地15公顷，建成城市绿道20公里、口袋公园10个以上，建成区绿化覆盖率达到43%
    => 城市绿地 quantity exact 15公顷
     | 城市绿道 quantity exact 20公里
     | 口袋公园 quantity min 10个
     | 建成区绿化覆盖率 level exact 43%
县城供水管网漏损率降至8%以下 => 县城供水管网漏损率 level max 8%
建筑业总产值突破150亿元，增长10%左右，新增一级资质企业2家、特级资质企业实现零的突破
    => 建筑业总产值 quantity min 150亿元
     | 建筑业总产值 growth about 10%
     | 一级资质企业 quantity exact 2家
城镇老旧燃气管网改造率年底前达到100% => 城镇老旧燃气管网改造率 level exact 100%
每千人口拥有3岁以下婴幼儿托位数4.6个以上 => 每千人口拥有3岁以下婴幼儿托位数 quantity min 4.6个
新建（改扩建）中小学、幼儿园7所，新增学位5400个 => 中小学、幼儿园 quantity exact 7所 | 学位 quantity exact 5400个
学前教育普惠率达到92%，公办率超过60% => 学前教育普惠率 level exact 92% | 公办率 level min 60%
高考特控线上线率稳居全市前三、力争第二 => 高考特控线上线率 rank exact 3 | 高考特控线上线率 rank exact 2!
县域内就诊率达到90%，基层就诊率65%以上 => 县域内就诊率 level exact 90% | 基层就诊率 level min 65%
家庭医生签约服务覆盖率不低于45%，其中重点人群75%以上 => 家庭医生签约服务覆盖率 level min 45% | 重点人群 level min 75%
办好“村晚”、送戏下乡等文化活动500场次以上 => 文化活动 quantity min 500场次
人均预期寿命81.5岁以上 => 人均预期寿命 level min 81.5岁
新增文化礼堂15家、总数达180家 => 文化礼堂 quantity exact 15家 | 文化礼堂 level exact 180家
接待过夜游客150万人次，旅游总收入增长12% => 过夜游客 quantity exact 150万人次 | 旅游总收入 growth exact 12%
组织群众性体育赛事50场，承办省级以上赛事3项以上 => 群众性体育赛事 quantity exact 50场 | 省级以上赛事 quantity min 3项
城乡居民体质达标率94%以上，经常参加体育锻炼人口比例达到44% => 城乡居民体质达标率 level min 94% | 经常参加体育锻炼人口比例 level exact 44%
孕产妇死亡率和婴儿死亡率分别控制在8/10万和3‰以内 => 孕产妇死亡率 level max 8/10万 | 婴儿死亡率 level max 3‰
地表水市控以上断面Ⅲ类水比例达到100%，县控以上断面优良率90%以上 => 地表水市控以上断面Ⅲ类水比例 level exact 100% | 县控以上断面优良率 level min 90%
细颗粒物（PM2.5）年平均浓度控制在26微克/立方米左右，空气质量优良天数比率95%以上 => 细颗粒物（PM2.5）年平均浓度 level about 26微克/立方米 | 空气质量优良天数比率 level min 95%
各类生产安全事故起数、死亡人数均下降15%以上，较大事故起数控制在1起以内 => 各类生产安全事故起数 change min 15% | 死亡人数 change min 15% | 较大事故起数 quantity max 1起
万人成讼率下降至75件以下 => 万人成讼率 level max 75件
群众安全感满意率保持在98%以上并力争进入全省前10位 => 群众安全感满意率 level min 98% | 群众安全感满意率 rank exact 10位!
刑事警情、电信网络诈骗案件发案数同比分别下降10%和20%以上 => 刑事警情 change min 10% | 电信网络诈骗案件发案数 change min 20%
重大火灾隐患按期整改率100% => 重大火灾隐患按期整改率 level exact 100%
信访积案化解率达95%以上，初次信访事项一次性化解率90%以上 => 信访积案化解率 level min 95% | 初次信访事项一次性化解率 level min 90%
受污染耕地安全利用率达93%左右 => 受污染耕地安全利用率 level about 93%
一般工业固体废物综合利用率98% => 一般工业固体废物综合利用率 level exact 98%
森林火灾受害率控制在0.8‰以下 => 森林火灾受害率 level max 0.8‰
一般公共预算收入增长6%，其中税收收入占比87%以上 => 一般公共预算收入 growth exact 6% | 税收收入占比 level min 87%
争取政府专项债券额度不少于35亿元，中央预算内资金3亿元以上 => 政府专项债券额度 quantity min 35亿元 | 中央预算内资金 quantity min 3亿元
招引亿元以上产业项目60个，其中5亿元以上20个、10亿元以上8个，50亿元以上1—2个
    => 亿元以上产业项目 quantity exact 60个
     | 5亿元以上 quantity exact 20个
     | 10亿元以上 quantity exact 8个
     | 50亿元以上 quantity range 1-2个
实际利用外资1.8亿美元，其中制造业外资占比不低于40% => 实际利用外资 quantity exact 1.8亿美元 | 制造业外资占比 level min 40%
货物贸易进出口总额增长5%，跨境电商出口倍增 => 货物贸易进出口总额 growth exact 5%
新增境内外上市公司2家、报会企业3家、股改企业15家 => 境内外上市公司 quantity exact 2家 | 报会企业 quantity exact 3家 | 股改企业 quantity exact 15家
存贷比保持在90%左右，不良贷款率控制在0.8%以下 => 存贷比 level about 90% | 不良贷款率 level max 0.8%
国有资产保值增值率101%以上 => 国有资产保值增值率 level min 101%
化解隐性债务8.6亿元，融资平台公司压减50% => 隐性债务 quantity exact 8.6亿元 | 融资平台公司 change exact 50%
政府采购节约率10%，授予中小企业合同份额占比超80% => 政府采购节约率 level exact 10% | 授予中小企业合同份额占比 level min 80%
“三公”经费只减不增，一般性支出压减5% => 一般性支出 change exact 5%
新登记市场主体1.2万户，企业占比三成以上 => 市场主体 quantity exact 1.2万户 | 企业占比 level min 3成
引进10个左右投资超5亿元的产业项目 => 投资超5亿元的产业项目 quantity about 10个
规上工业企业R&D经费占营业收入比重达到2.2%，有研发活动企业占比70% => 规上工业企业R&D经费占营业收入比重 level exact 2.2% | 有研发活动企业占比 level exact 70%
年内实现“县县通高速”，乡镇通三级以上公路比例达90% => 乡镇通三级以上公路比例 level exact 90%
使用清洁能源的公交车占比由65%提升至80%左右 => 使用清洁能源的公交车占比 level about 80% from 65%
新建110kV变电站1座、10kV线路200公里 => 110kV变电站 quantity exact 1座 | 10kV线路 quantity exact 200公里
组织不少于4次的应急演练，参训人员达2000人次 => 应急演练 quantity min 4次 | 参训人员 level exact 2000人次
学生体质健康优良率提高到50%、近视率下降0.5个百分点以上 => 学生体质健康优良率 level exact 50% | 近视率 change min 0.5个百分点
审批承诺时限压缩80%以上，即办件比例提升到60%，一件事办理平均跑动次数不超过1次
    => 审批承诺时限 change min 80%
     | 即办件比例 level exact 60%
     | 一件事办理平均跑动次数 quantity max 1次
招商引资到位资金完成120亿元，增长15%；其中省外资金70亿元
    => 招商引资到位资金 quantity exact 120亿元
     | 招商引资到位资金 growth exact 15%
     | 省外资金 quantity exact 70亿元
完成固投30亿元以上、力争33亿元，同比增长10%以上、力争12%
    => 固投 quantity min 30亿元
     | 固投 quantity exact 33亿元!
     | 固投 growth min 10%
     | 固投 growth exact 12%!
确保全年GDP突破千亿、财政收入突破百亿 => GDP quantity min 1000亿 | 财政收入 quantity min 100亿
主导产业产值占比达到六成，链主企业增至5户 => 主导产业产值占比 level exact 6成 | 链主企业 level exact 5户
企业平均用电成本每千瓦时降低0.02元 => 企业平均用电成本每千瓦时 change exact 0.02元
为企业减负5亿元以上、降低融资成本0.3个百分点 => 企业减负 quantity min 5亿元 | 融资成本 change exact 0.3个百分点
电网供电可靠率99.98%，户均停电时间压缩至2小时以内 => 电网供电可靠率 level exact 99.98% | 户均停电时间 level max 2小时
全县城乡低保标准提高到每人每月950元，特困供养标准不低于低保标准的1.3倍 => 全县城乡低保标准 level exact 950元 | 特困供养标准 level min 1.3倍
退役军人就业率90%以上，零就业家庭保持动态清零 => 退役军人就业率 level min 90%
农村自来水普及率达到98%，规模化供水人口覆盖比例达到九成以上 => 农村自来水普及率 level exact 98% | 规模化供水人口覆盖比例 level min 9成
全年外出招商不少于60批次，洽谈项目200个，签约率40% => 外出招商 quantity min 60批次 | 洽谈项目 quantity exact 200个 | 签约率 level exact 40%
开工项目24个、竣工18个、投产12个，投资完成率均达100%
    => 开工项目 quantity exact 24个
     | 竣工项目 quantity exact 18个
     | 投产项目 quantity exact 12个
     | 投资完成率 level exact 100%
新建、改建、扩建乡镇卫生院各1所 => 乡镇卫生院 quantity exact 1所
举办招聘会50场，提供岗位2万个，达成就业意向3000人以上 => 招聘会 quantity exact 50场 | 岗位 quantity exact 2万个 | 就业意向 quantity min 3000人
深化医联体建设，县域内住院率稳定在85%-90% => 县域内住院率 level range 85-90%
林长制考核力争进入全省第一等次，森林蓄积量增长3% => 林长制考核 rank exact 第一等次! | 森林蓄积量 growth exact 3%
深化“最多跑一次”改革，力争“跑零次”事项达80%以上 => “跑零次”事项 level min 80%!
新增地方政府专项债券额度力争比上年翻番 => 地方政府专项债券额度 growth exact 1番!
国控断面水质优良率100%，消除劣Ⅴ类水体 => 国控断面水质优良率 level exact 100%
每百名老人拥有养老床位4.5张，护理型床位占比不低于55% => 每百名老人拥有养老床位 quantity exact 4.5张 | 护理型床位占比 level min 55%
推动100家规上企业数字化改造、1000家中小企业上云用数 => 规上企业数字化改造 quantity exact 100家 | 中小企业上云用数 quantity exact 1000家
改造城区雨污管网35公里、新建5公里，修复破损管网10公里左右 => 城区雨污管网 quantity exact 35公里 | 新建城区雨污管网 quantity exact 5公里 | 破损管网 quantity about 10公里
争取全年新增上市过会企业1家、新三板挂牌2-3家 => 上市过会企业 quantity exact 1家! | 新三板挂牌 quantity range 2-3家!
农村公路优良中等路率达到88%，列养率100%，其中县道优良率不低于92% => 农村公路优良中等路率 level exact 88% | 列养率 level exact 100% | 县道优良率 level min 92%
实施“百千万”工程，选树示范户一百户、示范村十个 => 示范户 quantity exact 100户 | 示范村 quantity exact 10个
化解拖欠账款5000万元，清欠率达98%以上，政府类欠款清零 => 拖欠账款 quantity exact 5000万元 | 清欠率 level min 98%
户籍人口城镇化率每年提升1个百分点，力争2026年达到55% => 户籍人口城镇化率 change exact 1个百分点 | 户籍人口城镇化率 level exact 55%!
农村集中供水率、自来水普及率分别提高到96%、94% => 农村集中供水率 level exact 96% | 自来水普及率 level exact 94%
全县地区生产总值增长5.5%左右、力争6%，规上工业增加值增长7.5%，固定资产投资增长10%以上，社零总额增长6.5%
    => 全县地区生产总值 growth about 5.5%
     | 全县地区生产总值 growth exact 6%!
     | 规上工业增加值 growth exact 7.5%
     | 固定资产投资 growth min 10%
     | 社零总额 growth exact 6.5%
坚决守住耕地红线，确保耕地保有量不低于58.6万亩、永久基本农田不少于50.2万亩 => 耕地保有量 quantity min 58.6万亩 | 永久基本农田 quantity min 50.2万亩
农村公路“建管养运”一体化，新改建县乡公路60公里、村道提档升级100公里 => 县乡公路 quantity exact 60公里 | 村道提档升级 quantity exact 100公里
突出“链长制”，引进补链强链项目15个以上，10亿级项目实现突破 => 补链强链项目 quantity min 15个
开展“百日攻坚”，整治违建2.6万平方米、拆除率达100% => 违建 quantity exact 2.6万平方米 | 拆除率 level exact 100%
稳定生猪生产，出栏28万头、存栏15万头 => 出栏 quantity exact 28万头 | 存栏 quantity exact 15万头
新建标准化池塘2000亩、稻渔综合种养1万亩、陆基圆池300个 => 标准化池塘 quantity exact 2000亩 | 稻渔综合种养 quantity exact 1万亩 | 陆基圆池 quantity exact 300个
争取到位中央、省预算内资金各1亿元以上 => 中央 quantity min 1亿元 | 省预算内资金 quantity min 1亿元
力争存量项目全部开工、签约项目开工率70% => 签约项目开工率 level exact 70%!
选派科技特派员100名，实现乡镇全覆盖 => 科技特派员 quantity exact 100名
全面落实河湖长制，国省考断面水质达标率、县级以上集中式饮用水水源水质达标率均保持100% => 国省考断面水质达标率 level exact 100% | 县级以上集中式饮用水水源水质达标率 level exact 100%
新建污水管网12.5公里，日处理污水能力新增1万吨 => 污水管网 quantity exact 12.5公里 | 日处理污水能力 quantity exact 1万吨
改建农村户厕3000户、公厕100座 => 农村户厕 quantity exact 3000户 | 公厕 quantity exact 100座
万元GDP能耗、碳排放强度分别下降3.2%和3.9% => 万元GDP能耗 change exact 3.2% | 碳排放强度 change exact 3.9%
大力发展夜间经济，打造夜间消费街区3个、特色商圈2个，限上商贸单位新增15家
    => 夜间消费街区 quantity exact 3个
     | 特色商圈 quantity exact 2个
     | 限上商贸单位 quantity exact 15家
城镇新增就业6500人，失业人员再就业2800人，就业困难人员就业900人，登记失业率控制在4%以内
    => 城镇新增就业 quantity exact 6500人
     | 失业人员再就业 quantity exact 2800人
     | 就业困难人员就业 quantity exact 900人
     | 登记失业率 level max 4%
养老机构护理型床位占比达58%，村（社区）养老服务设施覆盖率100% => 养老机构护理型床位占比 level exact 58% | 村（社区）养老服务设施覆盖率 level exact 100%
创成省级以上文明村镇3个、文明单位5家，志愿服务总时长超100万小时 => 省级以上文明村镇 quantity exact 3个 | 文明单位 quantity exact 5家 | 志愿服务总时长 level min 100万小时
矛盾纠纷调处成功率98%以上，八类案件破案率保持100% => 矛盾纠纷调处成功率 level min 98% | 八类案件破案率 level exact 100%
金融机构存贷款余额分别突破600亿元、500亿元，直接融资30亿元以上
    => 金融机构存贷款余额 quantity min 600亿元
     | 金融机构存贷款余额 quantity min 500亿元
     | 直接融资 quantity min 30亿元
年内完成投资4.5亿元，形象进度达60% => 投资 quantity exact 4.5亿元 | 形象进度 level exact 60%
推动县级国企资产总额达到300亿元、营业收入增长20%、利润翻番 => 县级国企资产总额 level exact 300亿元 | 营业收入 growth exact 20% | 利润 growth exact 1番
主动融入都市圈，力争通勤班线增至6条、日均班次翻倍 => 通勤班线 level exact 6条!
“一老一小”服务提质，每个乡镇（街道）至少建成1家综合养老服务中心，新增托位500个以上 => 每个乡镇（街道）综合养老服务中心 quantity min 1家 | 托位 quantity min 500个
实施耕地“非农化”整治，图斑整改到位率达95%以上 => 图斑整改到位率 level min 95%
确保中高考成绩再创新高，一本上线率提高2个百分点 => 一本上线率 change exact 2个百分点
干部作风持续好转，群众满意度居全市前三 => 群众满意度 rank exact 3
新增高层次人才50名左右，技能人才占就业人员比例超三分之一 => 高层次人才 quantity about 50名 | 技能人才占就业人员比例 level min 0.333
平均降低物流成本5%，港口吞吐量突破8000万吨，集装箱120万标箱，增长10%
    => 物流成本 change exact 5%
     | 港口吞吐量 quantity min 8000万吨
     | 集装箱 quantity exact 120万标箱
     | 集装箱 growth exact 10%
"""


def brief(t: Target) -> str:
    value = "" if t.value is None else f"{t.value:g}" + ("" if t.value_to is None else f"-{t.value_to:g}")
    start = f" from {t.baseline.value:g}{t.baseline.unit}" if t.baseline else ""
    return f"{t.subject} {t.kind} {t.bound} {value}{t.unit or ''}" + ("!" if t.strength == "strive" else "") + start


def passage(text: str) -> Passage:
    return Passage(0, text, fold(text), 0, len(text))


def lines() -> dict[str, list[str]]:
    """Sentence → targets in brief."""
    joined = GRAMMAR.replace("\n    =>", " =>").replace("\n     |", " |")
    pairs = (line.split(" => ") for line in joined.splitlines() if line and not line.startswith("#"))
    return {text: wanted.split(" | ") for text, wanted in pairs}


LINES = lines()


@pytest.mark.parametrize("text", LINES)
def test_a_form_is_read(text: str) -> None:
    assert [brief(t) for t in read_targets(passage(text))] == LINES[text]


def test_no_sentence_of_the_grammar_was_lost() -> None:
    assert len(LINES) >= 300


@pytest.mark.parametrize("text", LINES)
def test_spans_quote_their_words(text: str) -> None:
    for t in read_targets(passage(text)):
        places = [(t.at, t.quote)] + [(w.at, w.text) for w in (t.wording, t.promise) if w]
        assert all(text[at.start : at.end] == words for at, words in places)
